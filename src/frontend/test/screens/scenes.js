/** Every page and face of the dashboard, and how to get there. */
import { PEOPLE } from '../fake-core/people.js';

const at =
  (path) =>
  async ({ page }) => {
    await page.evaluate((hash) => {
      window.location.hash = hash;
    }, path);
    await page.waitForSelector('h1');
  };

const click =
  (names) =>
  async ({ page, locale }) => {
    await page.getByRole('button', { name: names[locale] }).first().click();
  };

const steps =
  (...all) =>
  async (context) => {
    for (const step of all) await step(context);
  };

const reason = (en, ru) => ({ reason: en, reasons: { en, ru } });

const REASONS = {
  denied: reason(
    'The login was refused on Twitch. Connect again when you want to allow it.',
    'На Twitch вход отклонили. Подключите аккаунт снова, когда захотите разрешить.',
  ),
  lost: reason(
    'Twitch no longer accepts the stored login (Invalid refresh token): connect again.',
    'Twitch больше не принимает сохранённый вход (Invalid refresh token): подключите аккаунт снова.',
  ),
  partly: reason(
    'Twitch did not let StreamCore listen to: hype trains, goals. It tries again by itself.',
    'Twitch не дал слушать: хайп-трейны, цели. StreamCore повторяет попытку сам.',
  ),
};

const MOD = { ...PEOPLE[2] };

/** The sorts of items that a usual stream does not show at once. */
const moderated = (maker) => [
  maker.event('event_gap', 'twitch', {
    from: new Date(Date.now() - 900_000).toISOString(),
    to: new Date(Date.now() - 600_000).toISOString(),
    reason: '',
    backfilled: ['follow', 'reward_redemption'],
  }),
  maker.event('follow', 'twitch', { user: PEOPLE[4], origin: 'catch_up' }, 700_000),
  maker.event('user_banned', 'twitch', {
    user: PEOPLE[8],
    moderator: MOD,
    reason: 'spam',
    ends_at: null,
    is_permanent: true,
    duration_s: null,
  }),
  maker.event('automod_message', 'twitch', {
    user: PEOPLE[5],
    moderator: null,
    message_id: 'held',
    text: 'something rude',
    fragments: [],
    category: 'swearing',
    level: 3,
    reason: 'automod',
    status: 'held',
  }),
  maker.event('chat_mode_changed', 'twitch', {
    emote_only: null,
    followers_only: true,
    followers_only_minutes: 10,
    subscribers_only: null,
    slow_mode_s: 30,
    unique_only: null,
  }),
  maker.event('poll', 'twitch', {
    phase: 'end',
    poll_id: 'p1',
    title: 'Куда дальше?',
    choices: [
      { id: '1', title: 'В пустыню', votes: 340, points: 0 },
      { id: '2', title: 'В лес', votes: 112, points: 0 },
    ],
    ends_at: null,
    status: 'completed',
  }),
];

const set =
  (changes) =>
  async ({ core }) =>
    core.world.setPlatform('twitch', changes);

export const SCENES = [
  { name: 'live', play: async ({ page }) => page.waitForSelector('[role=log] [data-index]') },
  {
    name: 'activity',
    play: async ({ page, size }) => {
      if (size === 'dock') await page.getByRole('tab').nth(1).click();
      await page.waitForSelector('article');
    },
  },
  {
    name: 'moderation',
    play: async ({ page, core, size }) => {
      await page.waitForSelector('[role=log] [data-index]');
      core.world.publish(...moderated(core.world.maker));
      if (size === 'dock') await page.getByRole('tab').nth(1).click();
      await page.waitForSelector('article');
    },
  },
  { name: 'empty', empty: true },
  { name: 'gate', signedOut: true },
  {
    name: 'lost',
    offline: true,
    play: async ({ page, core }) => {
      await page.waitForSelector('[role=log] [data-index]');
      await core.close();
      await page.waitForTimeout(1800);
    },
  },
  { name: 'modules', play: at('/modules') },
  { name: 'nomodules', empty: true, play: at('/modules') },
  {
    name: 'consent',
    play: steps(
      at('/modules/song_requests'),
      click({ en: 'Review and approve', ru: 'Посмотреть и разрешить' }),
    ),
  },
  {
    name: 'consentdiff',
    play: steps(
      at('/modules/raid_greeter'),
      click({ en: 'Review and approve', ru: 'Посмотреть и разрешить' }),
    ),
  },
  { name: 'module', play: at('/modules/example_bot') },
  { name: 'failed', play: at('/modules/dice') },
  { name: 'invalid', play: at('/modules/broken_thing') },
  { name: 'permissions', play: at('/modules/example_bot/permissions') },
  { name: 'settings', play: at('/modules/example_bot/settings') },
  { name: 'pages', play: at('/modules/example_bot/pages') },
  { name: 'log', play: at('/modules/example_bot/log') },
  { name: 'platforms', play: at('/platforms') },
  { name: 'signedout', empty: true, play: at('/platforms') },
  {
    name: 'connect',
    empty: true,
    play: steps(at('/platforms'), click({ en: 'Connect', ru: 'Подключить' }), async ({ page }) =>
      page.waitForSelector('output'),
    ),
  },
  {
    name: 'choose',
    empty: true,
    play: steps(
      at('/platforms'),
      click({ en: 'Connect', ru: 'Подключить' }),
      click({ en: 'Change', ru: 'Изменить' }),
    ),
  },
  {
    name: 'denied',
    empty: true,
    play: steps(
      at('/platforms'),
      click({ en: 'Connect', ru: 'Подключить' }),
      async ({ page }) => page.waitForSelector('output'),
      set({ state: 'disconnected', can_sign_in: true, ...REASONS.denied }),
    ),
  },
  {
    name: 'connected',
    play: steps(
      at('/platforms'),
      async ({ core }) => {
        core.world.setWanted('twitch', 'polls_manage', 'example_bot', 'dice');
        core.world.setWanted('twitch', 'rewards_manage', 'dice');
        const account = { id: '77', name: 'aurora_bot', avatar_url: null };
        core.world.setBot('twitch', { state: 'connected', account });
      },
      set({ quota: { limit: 800, remaining: 793 } }),
    ),
  },
  {
    name: 'details',
    play: steps(at('/platforms'), async ({ page }) => {
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('article > div > details')) {
          details.open = true;
        }
      });
    }),
  },
  {
    name: 'botcode',
    play: steps(
      at('/platforms'),
      async ({ page }) => {
        await page.evaluate(() => {
          for (const details of document.querySelectorAll('article > div > details')) {
            details.open = true;
          }
        });
      },
      click({ en: 'Connect the bot', ru: 'Подключить бота' }),
      async ({ page }) => page.waitForSelector('output'),
    ),
  },
  {
    name: 'allowmore',
    play: steps(
      at('/platforms'),
      async ({ core }) => core.world.setWanted('twitch', 'polls_manage', 'example_bot'),
      click({ en: 'Allow', ru: 'Разрешить' }),
      async ({ page }) => page.waitForSelector('output'),
    ),
  },
  {
    name: 'authrequired',
    play: steps(
      at('/platforms'),
      set({ state: 'auth_required', can_sign_in: true, ...REASONS.lost }),
    ),
  },
  {
    name: 'degraded',
    play: steps(at('/platforms'), set({ state: 'degraded', ...REASONS.partly })),
  },
  {
    name: 'missing',
    play: async ({ page }) => {
      await page.evaluate(() => {
        window.location.hash = '/nowhere';
      });
    },
  },
];
