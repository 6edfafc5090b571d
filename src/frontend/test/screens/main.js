/**
 * `npm run screens`: pictures of every page in every theme, language and size, and a report of
 * accessibility faults and of anything that the page's policy refused.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startFakeCore } from '../fake-core/server.js';
import { SCENES } from './scenes.js';

const out = fileURLToPath(new URL('./out/', import.meta.url));
const axeSource = await readFile(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);
const browserPath =
  process.env.CHROMIUM ??
  ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const wanted = process.argv.slice(2);

const SIZES = {
  wide: { width: 1440, height: 900 },
  dock: { width: 420, height: 900 },
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const browser = await chromium.launch({
  ...(browserPath ? { executablePath: browserPath } : {}),
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
});
let faults = 0;

for (const scene of SCENES) {
  for (const theme of ['dark', 'light']) {
    for (const locale of ['en', 'ru']) {
      for (const [size, viewport] of Object.entries(SIZES)) {
        const name = [scene.name, theme, locale, size].join('-');
        if (wanted.length > 0 && !wanted.every((part) => name.split('-').includes(part))) continue;
        await shoot(scene, theme, locale, size, viewport, name);
      }
    }
  }
}
await browser.close();
console.log(faults === 0 ? 'no faults' : `${faults} faults`);
process.exitCode = faults === 0 ? 0 : 1;

async function shoot(scene, theme, locale, size, viewport, name) {
  const core = await startFakeCore({ empty: scene.empty === true });
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce', bypassCSP: false });
  await context.addInitScript(
    ([chosenTheme, chosenLocale]) => {
      localStorage.setItem('streamcore.theme', chosenTheme);
      localStorage.setItem('streamcore.locale', chosenLocale);
    },
    [theme, locale],
  );
  const page = await context.newPage();
  const said = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(String(error)));
  await page.goto(scene.signedOut ? core.url : core.entry);
  await page.waitForSelector(scene.signedOut ? 'h1' : 'nav', { timeout: 10_000 });
  await scene.play?.({ page, core, locale, size });
  await page.waitForTimeout(350);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${out}${name}.png` });

  await page.evaluate(axeSource).catch(() => undefined);
  const violations = await page.evaluate(async () => {
    // eslint-disable-next-line no-undef
    const result = await axe.run(document, { resultTypes: ['violations'] });
    return result.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 140)).join(' | ')}`,
    );
  });
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  if (overflow) violations.push('the page is wider than the window');
  for (const fault of [...violations, ...(scene.offline ? [] : said)]) {
    faults += 1;
    console.log(`${name}: ${fault}`);
  }
  await context.close();
  await core.close();
}
