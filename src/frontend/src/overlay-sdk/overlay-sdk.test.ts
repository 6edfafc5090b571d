import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sockets, whenConnecting, type FakeSocket } from '../../test/fake-socket';
import { FrameHost } from './frame-host';
import { HELLO, isPlain, PORT, readFromPage, type ToPage } from './port';
import { ViewLink } from './view-link';
import { readPlacement, startWrapper } from './wrapper-page';

vi.mock('socket.io-client', () => import('../../test/fake-socket'));

const WELCOME = {
  module_id: 'goal_bar',
  view_id: 'overlay',
  granted: ['donations_read'],
  settings: { color: 'red' },
  state: { total: { value: 5, revision: 1 } },
  platforms: { twitch: { connected: true, capabilities: [] } },
  module_running: true,
  boot_id: 'b1',
  digest: 'd1',
  protocol: 1,
};

function writeMeta(data: Record<string, string>): void {
  document.head.replaceChildren();
  const meta = document.createElement('meta');
  meta.name = 'streamcore';
  Object.assign(meta.dataset, data);
  document.head.append(meta);
}

const frame = (): HTMLIFrameElement => {
  const found = document.querySelector('iframe');
  if (!found) throw new Error('no frame');
  return found;
};

/** Knock as the page inside the frame does; the answer is its end of the port. */
function knock(from: Partial<{ source: Window | null; origin: string; data: unknown }> = {}) {
  const source = frame().contentWindow;
  if (!source) throw new Error('the frame has no window');
  const said = vi.spyOn(source, 'postMessage').mockImplementation(() => undefined);
  window.dispatchEvent(
    new MessageEvent('message', {
      source: 'source' in from ? (from.source ?? null) : source,
      origin: from.origin ?? 'null',
      data: 'data' in from ? from.data : { type: HELLO, version: 1 },
    }),
  );
  const call: unknown[] | undefined = said.mock.calls.at(-1);
  const transfer = call?.[2];
  const port: unknown = Array.isArray(transfer) ? transfer[0] : undefined;
  return port instanceof MessagePort ? listen(port) : null;
}

function listen(port: MessagePort) {
  const heard: ToPage[] = [];
  port.onmessage = ({ data }: MessageEvent<ToPage>) => heard.push(data);
  return { heard, say: (message: unknown) => port.postMessage(message) };
}

let socket: FakeSocket;

function openWrapper(): void {
  writeMeta({
    module: 'goal_bar',
    view: 'overlay',
    src: '/modules-view/goal_bar/overlay.html',
    digest: 'd1',
  });
  window.location.hash = '#k=secret-key';
  startWrapper(document, window.location);
}

async function started(): Promise<void> {
  await vi.waitFor(() => expect(sockets).toHaveLength(1));
  const [first] = sockets;
  if (first) socket = first;
  socket.connected = true;
  socket.hear('welcome', WELCOME);
}

beforeEach(() => {
  sockets.length = 0;
  whenConnecting(() => undefined);
  document.body.replaceChildren();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(window, 'obsstudio');
});

describe('the wrapper page', () => {
  it('frames the module’s page without an origin, and connects with the key', async () => {
    openWrapper();
    await started();
    expect(frame().getAttribute('sandbox')).toBe('allow-scripts');
    expect(frame().getAttribute('referrerpolicy')).toBe('no-referrer');
    expect(frame().getAttribute('src')).toBe('/modules-view/goal_bar/overlay.html');
    expect(socket.url).toBe('/view');
    expect(socket.options).toMatchObject({
      path: '/overlay-io/',
      auth: { key: 'secret-key', protocol: 1 },
      transports: ['websocket'],
    });
  });

  it.each([
    ['another module', '/modules-view/other/overlay.html'],
    ['another site', 'https://evil.example/'],
    ['a way out', '/modules-view/goal_bar/../../api/modules'],
  ])('does not frame %s', (_name, src) => {
    writeMeta({ module: 'goal_bar', view: 'overlay', src, digest: '' });
    expect(readPlacement(document)).toBeNull();
  });

  it('shows nothing at all when the address is not complete', () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    window.location.hash = '';
    writeMeta({ module: 'goal_bar', src: '/modules-view/goal_bar/a.html' });
    startWrapper(document, window.location);
    expect(document.body.textContent).toBe('');
    expect(warned).toHaveBeenCalledOnce();
  });

  it('does not show a page that could control OBS', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    Object.assign(window, {
      obsstudio: { getControlLevel: (give: (level: number) => void) => give(5) },
    });
    openWrapper();
    await vi.waitFor(() => expect(warned).toHaveBeenCalled());
    expect(document.querySelector('iframe')).toBeNull();
    expect(document.body.textContent).toBe('');
  });

  it('gives a port only to its own frame', async () => {
    openWrapper();
    await started();
    expect(knock({ source: window })).toBeNull();
    expect(knock({ origin: window.location.origin })).toBeNull();
    expect(knock({ data: { type: 'something else' } })).toBeNull();
    expect(knock()).not.toBeNull();
  });

  it('hands everything needed at start to a page that knocks', async () => {
    openWrapper();
    await started();
    const page = knock();
    await vi.waitFor(() =>
      expect(page?.heard[0]).toMatchObject({
        t: 'welcome',
        settings: { color: 'red' },
        state: { total: { value: 5, revision: 1 } },
      }),
    );
  });

  it('subscribes for the page, and again after a reconnect', async () => {
    openWrapper();
    await started();
    const page = knock();
    page?.say({ t: 'subscribe', types: ['donation'] });
    const ready = { name: 'ready', payload: { subscribe: ['donation'] } };
    await vi.waitFor(() => expect(socket.emitted).toEqual([ready]));
    socket.lose();
    await vi.waitFor(() => expect(page?.heard).toContainEqual({ t: 'link', online: false }));
    socket.connected = true;
    socket.hear('welcome', { ...WELCOME, boot_id: 'b2' });
    expect(socket.emitted).toEqual([ready, ready]);
  });

  it('passes events, state, messages and settings on, and nothing malformed', async () => {
    openWrapper();
    await started();
    const page = knock();
    socket.hear('events', [{ type: 'donation', id: 'e1' }, 'nonsense']);
    socket.hear('state', { key: 'total', value: 6, revision: 2 });
    socket.hear('state', { key: 7 });
    socket.hear('message', { name: 'flash', data: { x: 1 } });
    socket.hear('settings', { settings: { color: 'blue' } });
    socket.hear('module', { running: false });
    await vi.waitFor(() =>
      expect(page?.heard.slice(1)).toEqual([
        { t: 'events', events: [{ type: 'donation', id: 'e1' }] },
        { t: 'state', key: 'total', value: 6, revision: 2 },
        { t: 'message', name: 'flash', data: { x: 1 } },
        { t: 'settings', settings: { color: 'blue' } },
        { t: 'module', running: false },
      ]),
    );
    const reloaded = knock();
    await vi.waitFor(() =>
      expect(reloaded?.heard[0]).toMatchObject({
        settings: { color: 'blue' },
        state: { total: { value: 6 } },
        module_running: false,
      }),
    );
  });

  it('keeps the page through a restart of the core, and reloads it when its files changed', async () => {
    openWrapper();
    await started();
    const first = frame();
    socket.lose();
    socket.connected = true;
    socket.hear('welcome', { ...WELCOME, boot_id: 'b2' });
    expect(frame()).toBe(first);

    const fresh =
      '<meta name="streamcore" data-module="goal_bar" data-src="/modules-view/goal_bar/new.html">';
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(fresh)));
    socket.hear('welcome', { ...WELCOME, boot_id: 'b3', digest: 'd2' });
    await vi.waitFor(() => expect(frame()).not.toBe(first));
    expect(frame().getAttribute('src')).toBe('/modules-view/goal_bar/new.html');
  });

  it('answers calls that cannot be made instead of passing them on', async () => {
    openWrapper();
    await started();
    const page = knock();
    page?.say({ t: 'call', id: 1, name: 'f', args: { bad: Number.NaN } });
    await vi.waitFor(() =>
      expect(page?.heard.at(-1)).toMatchObject({
        t: 'answer',
        id: 1,
        answer: { ok: false, error: { code: 'invalid_command' } },
      }),
    );
    expect(socket.emitted).toEqual([]);
  });

  it('does not let a flood of calls reach the core', async () => {
    const answers: number[] = [];
    const host = new FrameHost(document, '/modules-view/x/');
    host.connectTo({
      subscribe: () => undefined,
      call: () => {
        answers.push(1);
        return new Promise(() => undefined);
      },
    });
    const page = knock();
    for (let id = 0; id < 500; id += 1) page?.say({ t: 'call', id, name: 'f', args: {} });
    await vi.waitFor(() => expect(page?.heard).toHaveLength(500 - 64));
    expect(answers).toHaveLength(64);
    expect(page?.heard[0]).toMatchObject({ answer: { error: { code: 'rate_limited' } } });
  });

  it('tries again by itself when the core refuses while it is starting', () => {
    vi.useFakeTimers();
    const connect = vi.fn();
    whenConnecting(connect);
    const link = new ViewLink('k', new FrameHost(document, '/modules-view/x/'));
    link.open();
    const [refused] = sockets;
    if (refused) refused.active = false;
    for (let turn = 0; turn < 20; turn += 1) {
      refused?.hear('connect_error', new Error('starting'));
      vi.advanceTimersByTime(16_000);
      if (refused) refused.active = false;
    }
    expect(connect).toHaveBeenCalledTimes(21);
    vi.useRealTimers();
  });
});

describe('what a page may say', () => {
  const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });

  it.each([
    ['a subscription', { t: 'subscribe', types: ['follow'] }, true],
    ['a call', { t: 'call', id: 1, name: 'f', args: { a: [1, 'x', null] } }, true],
    ['no word', { t: 'shout' }, false],
    ['nothing', null, false],
    ['a list', [1], false],
    ['types that are no texts', { t: 'subscribe', types: [1] }, false],
    ['too many types', { t: 'subscribe', types: Array(101).fill('x') }, false],
    ['a call without a number', { t: 'call', name: 'f', args: {} }, false],
    ['a call without a name', { t: 'call', id: 1, name: '', args: {} }, false],
    ['a call with a function', { t: 'call', id: 1, name: 'f', args: { f: () => 1 } }, false],
    ['infinity', { t: 'call', id: 1, name: 'f', args: { n: Infinity } }, false],
    ['half a character', { t: 'call', id: 1, name: 'f', args: { s: '\ud800' } }, false],
    ['a map', { t: 'call', id: 1, name: 'f', args: { m: new Map() } }, false],
    ['a deep thing', { t: 'call', id: 1, name: 'f', args: { d: deep(40) } }, false],
    ['a large thing', { t: 'call', id: 1, name: 'f', args: { s: 'x'.repeat(300_000) } }, false],
  ])('%s', (_name, message, allowed) => {
    expect(readFromPage(message) !== null).toBe(allowed);
  });

  it('whole characters are plain, however rare', () => {
    expect(isPlain({ text: '😂🏳️‍🌈𝔘' })).toBe(true);
  });
});

describe('the page SDK', () => {
  async function openPage() {
    vi.resetModules();
    const knocks: unknown[] = [];
    const parent = { postMessage: (message: unknown) => knocks.push(message) };
    vi.spyOn(window, 'parent', 'get').mockReturnValue(parent as unknown as Window);
    const { connect } = await import('./streamcore');
    const connecting = connect();
    await vi.waitFor(() => expect(knocks).toContainEqual({ type: HELLO, version: 1 }));
    const channel = new MessageChannel();
    const heard: unknown[] = [];
    channel.port1.onmessage = ({ data }: MessageEvent<unknown>) => heard.push(data);
    const event = new MessageEvent('message', { data: { type: PORT, version: 1 } });
    Object.defineProperties(event, {
      source: { value: parent },
      ports: { value: [channel.port2] },
    });
    window.dispatchEvent(event);
    const tell = (message: ToPage) => channel.port1.postMessage(message);
    tell({ t: 'welcome', ...WELCOME });
    return { sc: await connecting, tell, heard };
  }

  it('refuses to work outside StreamCore, and says how to open the page', async () => {
    vi.resetModules();
    const { connect } = await import('./streamcore');
    await expect(connect()).rejects.toMatchObject({ code: 'not_embedded' });
  });

  it('knows settings and state at once', async () => {
    const { sc } = await openPage();
    expect(sc.module).toBe('goal_bar');
    expect(sc.settings).toEqual({ color: 'red' });
    expect(sc.state.get('total')).toBe(5);
    expect(sc.online && sc.running).toBe(true);
  });

  it('hears the events it asked for until it stops', async () => {
    const { sc, tell, heard } = await openPage();
    const donors: string[] = [];
    const stop = sc.on('donation', (event) => donors.push(event.donor));
    await vi.waitFor(() => expect(heard).toEqual([{ t: 'subscribe', types: ['donation'] }]));
    tell({ t: 'events', events: [{ type: 'donation', donor: 'Ann' }, { type: 'follow' }] });
    await vi.waitFor(() => expect(donors).toEqual(['Ann']));
    stop();
    await vi.waitFor(() => expect(heard.at(-1)).toEqual({ t: 'subscribe', types: [] }));
  });

  it('gives the present state and each change, and nothing twice after a restart', async () => {
    const { sc, tell } = await openPage();
    const totals: unknown[] = [];
    sc.state.on('total', (value) => totals.push(value));
    tell({ t: 'state', key: 'total', value: 6, revision: 2 });
    tell({ t: 'welcome', ...WELCOME, state: { total: { value: 6, revision: 2 } } });
    tell({ t: 'state', key: 'total', value: 7, revision: 3 });
    await vi.waitFor(() => expect(totals).toEqual([5, 6, 7]));
  });

  it('a listener that fails does not silence the others', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { sc, tell } = await openPage();
    const heard: unknown[] = [];
    sc.onMessage('flash', () => {
      throw new Error('mine');
    });
    sc.onMessage('flash', (data) => heard.push(data));
    tell({ t: 'message', name: 'flash', data: 1 });
    await vi.waitFor(() => expect(heard).toEqual([1]));
    expect(logged).toHaveBeenCalledOnce();
  });

  it('calls the backend and passes on its answer or its error', async () => {
    const { sc, tell, heard } = await openPage();
    const good = sc.call('add', { a: 1 });
    const bad = sc.call('fail');
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect(heard[0]).toEqual({ t: 'call', id: 1, name: 'add', args: { a: 1 } });
    tell({ t: 'answer', id: 1, answer: { ok: true, result: 3 } });
    tell({
      t: 'answer',
      id: 2,
      answer: { ok: false, error: { code: 'not_found', message: 'No.' } },
    });
    await expect(good).resolves.toBe(3);
    await expect(bad).rejects.toMatchObject({ code: 'not_found', message: 'No.' });
    await expect(sc.call('x', { n: Number.NaN })).rejects.toMatchObject({
      code: 'invalid_command',
    });
  });
});
