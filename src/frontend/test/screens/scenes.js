/** Every page and face of the dashboard, and how to get there. */

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

export const SCENES = [
  { name: 'live', play: async ({ page }) => page.waitForSelector('[role=log] [data-index]') },
  {
    name: 'activity',
    play: async ({ page, size }) => {
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
  {
    name: 'connect',
    empty: true,
    play: steps(at('/platforms'), click({ en: 'Connect', ru: 'Подключить' })),
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
