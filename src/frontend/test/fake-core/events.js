/** Makes events of the protocol's shape, each with its place in the log. */
import { LINES, PEOPLE, RUDE, STREAMER } from './people.js';

const PLATFORMS = ['twitch', 'youtube'];

export class EventMaker {
  #seq = 0;
  #turn = 0;

  constructor(now = () => Date.now()) {
    this.now = now;
  }

  event(type, platform, fields = {}, ago = 0) {
    this.#seq += 1;
    const at = new Date(this.now() - ago).toISOString();
    return {
      type,
      id: `e${String(this.#seq).padStart(8, '0')}`,
      seq: this.#seq,
      platform,
      channel_id: 'c1',
      at,
      received_at: at,
      origin: 'live',
      is_test: false,
      source_id: `s${this.#seq}`,
      group_id: null,
      user: null,
      ...fields,
    };
  }

  chat(text, user, platform, fields = {}, ago = 0) {
    return this.event(
      'chat_message',
      platform,
      {
        user,
        text,
        fragments: fragmentsOf(text),
        message_id: `m${this.#seq + 1}`,
        reply_to: null,
        kind: 'text',
        bits: 0,
        ...fields,
      },
      ago,
    );
  }

  nextChat(ago = 0) {
    const turn = this.#turn++;
    const user = PEOPLE[(turn * 7 + 3) % PEOPLE.length];
    const text = LINES[(turn * 5 + 1) % LINES.length];
    return this.chat(text, user, PLATFORMS[turn % 3 === 1 ? 1 : 0], {}, ago);
  }

  /** What has happened before the dashboard opened, oldest first. */
  history(rich = true) {
    const minute = 60_000;
    const [owl, cat, mari, , sam, old, zoe, bot, lyokha] = PEOPLE;
    const events = [
      this.event(
        'stream_online',
        'twitch',
        { started_at: new Date(this.now() - 154 * minute).toISOString(), title: '', category: '' },
        154 * minute,
      ),
      this.event(
        'stream_online',
        'youtube',
        { started_at: new Date(this.now() - 151 * minute).toISOString(), title: '', category: '' },
        151 * minute,
      ),
    ];
    if (!rich) return events;
    const add = (event) => events.push(event);
    const money = (value, currency, display) => ({ value, exponent: 2, currency, display });
    add(this.event('follow', 'twitch', { user: sam }, 62 * minute));
    add(
      this.event(
        'donation',
        '',
        {
          user: null,
          donor: 'Дед Мороз',
          service: 'service',
          amount: money(150000, 'RUB', '1 500 ₽'),
          text: 'На новый микрофон! Спасибо за уютные вечера.',
        },
        41 * minute,
      ),
    );
    add(
      this.event(
        'resubscription',
        'twitch',
        {
          user: old,
          tier: 1,
          months: 61,
          streak_months: 61,
          is_gift: false,
          is_prime: false,
          text: 'five years already, wow',
          fragments: [],
        },
        33 * minute,
      ),
    );
    add(
      this.event(
        'raid',
        'twitch',
        { user: zoe, from: { ...zoe, name: 'CozyCorner' }, viewers: 231 },
        24 * minute,
      ),
    );
    const bomb = { user: owl, tier: 1, group_id: 'g1' };
    add(
      this.event(
        'gift_subscription_bomb',
        'twitch',
        { ...bomb, count: 20, recipients: [], is_complete: false },
        12 * minute,
      ),
    );
    for (let index = 0; index < 20; index += 1) {
      const name = index === 3 ? 'Ядвига' : `lucky_viewer_${index + 1}`;
      add(
        this.event(
          'gift_subscription',
          'twitch',
          { ...bomb, months: 1, recipient: { id: `r${index}`, login: name, name } },
          12 * minute,
        ),
      );
    }
    add(
      this.event(
        'super_chat',
        'youtube',
        {
          user: lyokha,
          amount: money(500, 'EUR', '€5.00'),
          text: 'Сыграй ещё раз первую карту, пожалуйста!',
          message_id: 'sc1',
          fragments: [],
          level: 2,
        },
        7 * minute,
      ),
    );
    for (let index = 40; index > 0; index -= 1) add(this.nextChat(index * 9000));
    add(
      this.event(
        'cheer',
        'twitch',
        { user: cat, bits: 500, text: 'за красивый прыжок', fragments: [] },
        3 * minute,
      ),
    );
    add(this.chat('bbbuy ch3ap f0llow3rs', RUDE, 'twitch', { message_id: 'rude' }, 50_000));
    add(this.chat(`Z̸̡̛${'̷̢̛͚̈́'.repeat(30)}algo `.repeat(3), RUDE, 'twitch', {}, 48_000));
    add(
      this.chat(
        '<img src=x onerror=alert(1)> <script>alert(1)</script>',
        PEOPLE[3],
        'youtube',
        {},
        46_000,
      ),
    );
    add(this.event('chat_message_deleted', 'twitch', { user: RUDE, message_id: 'rude' }, 40_000));
    add(
      this.chat(
        'да, маршрут через крышу быстрее',
        mari,
        'twitch',
        {
          reply_to: {
            message_id: 'm1',
            user_id: '9',
            user_name: 'Лёха из Перми',
            text: 'а через крышу так вообще можно или это баг?',
          },
        },
        30_000,
      ),
    );
    add(
      this.event(
        'chat_announcement',
        'twitch',
        {
          user: mari,
          text: 'Конкурс рисунков идёт до воскресенья, ссылка под стримом',
          fragments: [],
          color: 'primary',
        },
        26_000,
      ),
    );
    add(this.chat('первый раз на стриме, привет!', sam, 'twitch', {}, 20_000));
    add(this.chat('танцую', zoe, 'youtube', { kind: 'action' }, 15_000));
    add(this.chat('!uptime', owl, 'twitch', {}, 9000));
    add(this.chat('Стрим идёт 2 ч 34 мин', bot, 'twitch', {}, 8500));
    add(this.chat('спасибо всем, вы лучшие!', STREAMER, 'twitch', {}, 4000));
    return events;
  }

  viewers(platform, viewers) {
    return { ...this.event('viewer_count', platform, { viewers, likes: null }), seq: 0 };
  }
}

function fragmentsOf(text) {
  return text
    .split(/(https?:\/\/\S+)/)
    .flatMap((part) =>
      part === ''
        ? []
        : [{ kind: part.startsWith('http') ? 'link' : 'text', text: part, emote: null }],
    );
}
