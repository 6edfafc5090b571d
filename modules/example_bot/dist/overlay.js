// Shows the last event. What is on the card comes from the module's state, so a page that opens
// later, or comes back after a restart, shows the same; the animation runs for a new event only.
import { connect } from '/sdk/v1/streamcore.js';

const ICONS = {
  follow:
    'M12 20.5 4.4 13a5 5 0 0 1 0-7.1 5 5 0 0 1 7 0l.6.6.6-.6a5 5 0 0 1 7 0 5 5 0 0 1 0 7.1Z',
  donation:
    'M12 2.5 14.9 8.6l6.6.9-4.8 4.6 1.2 6.6L12 17.5l-5.9 3.2 1.2-6.6L2.5 9.5l6.6-.9Z',
  raid: 'M12 3a4 4 0 1 1 0 8 4 4 0 0 1 0-8Zm-8 17a8 8 0 0 1 16 0Z',
};

const part = (id) => document.getElementById(id);
const card = part('card');
let shown = '';

function show(event, { isNew }) {
  card.hidden = !event;
  if (!event || event.id === shown) return;
  shown = event.id;
  card.dataset.kind = event.kind;
  part('icon').setAttribute('d', ICONS[event.kind] ?? ICONS.follow);
  // Text only, never HTML: names and messages are written by strangers.
  for (const id of ['name', 'amount', 'text']) {
    part(id).textContent = event[id];
    part(id).hidden = !event[id];
  }
  if (isNew) {
    card.classList.remove('arrives');
    void card.offsetWidth; // lets the same animation begin again
    card.classList.add('arrives');
  }
}

const streamcore = await connect();
show(streamcore.state.get('last_event'), { isNew: false });
streamcore.state.on('last_event', (event) => show(event, { isNew: true }));
