import { act, screen, waitFor, within } from '@testing-library/react';
import decodeQR from 'qr/decode.js';
import { expect, it, vi } from 'vitest';
import { openDashboard } from '../../../test/dashboard';

vi.mock('socket.io-client', () => import('../../../test/fake-socket'));

const ADDRESS = 'https://www.example.com/activate?public=true&device-code=ABCD1234';

type Dashboard = Awaited<ReturnType<typeof openDashboard>>;

const card = async (name = 'Twitch') => {
  const heading = await screen.findByRole('heading', { level: 2, name });
  const article = heading.closest('article');
  if (!article) throw new Error(`${name} has no card`);
  return within(article);
};

async function beginLogin({ user }: Dashboard, button = 'Connect', title = 'Connect Twitch') {
  await user.click((await card()).getByRole('button', { name: button }));
  return within(await screen.findByRole('dialog', { name: title }));
}

const lastRequest = ({ world }: Dashboard, action: string) =>
  world.requests.findLast(({ path }) => path === `/api/platforms/twitch/${action}`);

/** Look at the drawn modules as a camera does. */
function scanned(picture: HTMLElement): string {
  const size = Number(picture.getAttribute('viewBox')?.split(' ')[2]);
  const scale = 4;
  const width = size * scale;
  const data = new Uint8Array(width * width * 4).fill(255);
  const path = picture.querySelector('path')?.getAttribute('d') ?? '';
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row += 1) {
      const from = row * width + Number(x) * scale;
      data.fill(0, from * 4, (from + Number(length) * scale) * 4);
    }
  }
  for (let index = 3; index < data.length; index += 4) data[index] = 255;
  return decodeQR({ width, height: width, data });
}

it('connects with a code, a link and a picture of the same address', async () => {
  const opened = await openDashboard({ path: '/platforms', empty: true });
  const box = await beginLogin(opened);
  expect(await box.findByText('ABCD-1234')).toBeInTheDocument();
  expect(box.getByRole('link', { name: 'Open www.example.com/activate' })).toHaveAttribute(
    'href',
    ADDRESS,
  );
  expect(scanned(box.getByRole('img', { name: 'QR code that opens www.example.com' }))).toBe(
    ADDRESS,
  );
  expect(box.getByText(/Valid for another 29:5/)).toBeInTheDocument();
  expect(lastRequest(opened, 'connect')?.body).toEqual({});
  act(() => void opened.world.confirm('twitch'));
  expect(await box.findByText('Twitch is connected.')).toBeInTheDocument();
});

it('copies the code', async () => {
  const opened = await openDashboard({ path: '/platforms', empty: true });
  const box = await beginLogin(opened);
  await opened.user.click(await box.findByRole('button', { name: 'Copy code' }));
  expect(await box.findByText('Copied')).toBeInTheDocument();
  expect(await navigator.clipboard.readText()).toBe('ABCD-1234');
});

it('says what is asked for, and begins anew with other choices', async () => {
  const opened = await openDashboard({ path: '/platforms', empty: true });
  const { user } = opened;
  const box = await beginLogin(opened);
  const asked = within(await box.findByRole('region', { name: 'What StreamCore asks for' }));
  expect(asked.getByText('Read the chat of your streams.')).toBeInTheDocument();
  expect(asked.queryByText('Start and end polls and predictions.')).not.toBeInTheDocument();

  await user.click(asked.getByRole('button', { name: 'Change' }));
  await user.click(asked.getByRole('checkbox', { name: 'Start and end polls and predictions.' }));
  await user.click(asked.getByRole('checkbox', { name: 'Write in the chat in your name.' }));
  await user.click(asked.getByRole('button', { name: 'Get a code for this' }));

  expect(await box.findByText('ABCD-1235')).toBeInTheDocument();
  const permissions = (lastRequest(opened, 'connect')?.body as { permissions: string[] })
    .permissions;
  expect(permissions).toContain('polls_manage');
  expect(permissions).not.toContain('chat_send');
  expect(asked.getByText('Start and end polls and predictions.')).toBeInTheDocument();
});

it('gives the login up when the dialog is closed, and nothing else', async () => {
  const opened = await openDashboard({ path: '/platforms', empty: true });
  const box = await beginLogin(opened);
  await box.findByText('ABCD-1234');
  await opened.user.click(box.getByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(lastRequest(opened, 'cancel')?.body).toEqual({ account: 'streamer' }));
  expect(lastRequest(opened, 'disconnect')).toBeUndefined();
  expect((await card()).getByRole('button', { name: 'Connect' })).toBeInTheDocument();
});

it('gives up from the card a login that waits without its dialog', async () => {
  const { user, world } = await openDashboard({
    path: '/platforms',
    empty: true,
    prepare: (w) => void w.setPlatform('twitch', { state: 'connecting', can_sign_in: false }),
  });
  await user.click((await card()).getByRole('button', { name: 'Cancel' }));
  expect((await card()).getByText('Not connected')).toBeInTheDocument();
  expect(world.requests.at(-1)?.path).toBe('/api/platforms/twitch/cancel');
});

it('offers a new code when the time is over', async () => {
  const opened = await openDashboard({ path: '/platforms', empty: true });
  const box = await beginLogin(opened);
  await box.findByText('ABCD-1234');
  const now = Date.now();
  const clock = vi.spyOn(Date, 'now').mockReturnValue(now + 1_800_000);
  expect(await box.findByText('The code has expired.')).toHaveAttribute('role', 'alert');
  expect(box.queryByRole('link')).not.toBeInTheDocument();
  clock.mockRestore();
  await opened.user.click(box.getByRole('button', { name: 'Get a new code' }));
  expect(await box.findByText('ABCD-1235')).toBeInTheDocument();
  expect(box.getByText(/Valid for another/)).toBeInTheDocument();
});

it.each([
  ['en', 'Connect', 'Connect Twitch', 'You refused on Twitch.', 'Get a new code'],
  ['ru', 'Подключить', 'Подключение Twitch', 'Вы отказали на Twitch.', 'Получить новый код'],
] as const)('says in %s why a login failed', async (locale, button, title, reason, again) => {
  const opened = await openDashboard({ path: '/platforms', empty: true, locale });
  const box = await beginLogin(opened, button, title);
  await box.findByText('ABCD-1234');
  act(
    () =>
      void opened.world.setPlatform('twitch', {
        state: 'disconnected',
        can_sign_in: true,
        reason: 'You refused on Twitch.',
        reasons: { en: 'You refused on Twitch.', ru: 'Вы отказали на Twitch.' },
      }),
  );
  expect(await box.findByRole('alert')).toHaveTextContent(reason);
  await opened.user.click(box.getByRole('button', { name: again }));
  expect(await box.findByText('ABCD-1235')).toBeInTheDocument();
  expect(box.queryByRole('alert')).not.toBeInTheDocument();
});

it('says in the streamer’s language why the platform wants a new login', async () => {
  const reasons = { en: 'The password was changed.', ru: 'Пароль был изменён.' };
  await openDashboard({
    path: '/platforms',
    locale: 'ru',
    prepare: (world) =>
      void world.setPlatform('twitch', {
        state: 'auth_required',
        can_sign_in: true,
        reason: reasons.en,
        reasons,
      }),
  });
  const twitch = await card();
  expect(twitch.getByText('Пароль был изменён.')).toBeInTheDocument();
  expect(twitch.getByRole('button', { name: 'Войти снова' })).toBeInTheDocument();
});

it('disconnects only after asking', async () => {
  const opened = await openDashboard({ path: '/platforms' });
  await opened.user.click((await card()).getByRole('button', { name: 'Disconnect' }));
  const box = within(await screen.findByRole('dialog', { name: 'Disconnect Twitch?' }));
  expect(opened.world.platforms[0]?.state).toBe('connected');
  await opened.user.click(box.getByRole('button', { name: 'Disconnect' }));
  expect(await screen.findByRole('button', { name: 'Connect' })).toBeInTheDocument();
});

it('asks for a right that a module needs while the connection goes on', async () => {
  const opened = await openDashboard({
    path: '/platforms',
    prepare: (world) => void world.setWanted('twitch', 'polls_manage', 'example_bot'),
  });
  const twitch = await card();
  expect(await twitch.findByText('1 more right is needed by Example bot')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: /^Platforms.*1 needs a look/ })).toBeInTheDocument();
  const box = await beginLogin(opened, 'Allow', 'Allow more on Twitch');
  const asked = within(await box.findByRole('region', { name: 'What is new' }));
  expect(asked.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    'Start and end polls and predictions.',
  ]);
  const { permissions } = lastRequest(opened, 'connect')?.body as { permissions: string[] };
  expect(permissions).toContain('polls_manage');
  expect(permissions).toContain('chat_read');
  expect(opened.world.platforms[0]?.state).toBe('connected');

  act(() => void opened.world.confirm('twitch'));
  expect(await box.findByText('Twitch has the new rights.')).toBeInTheDocument();
  await opened.user.click(box.getAllByRole('button', { name: 'Close' })[0] as HTMLElement);
  expect(twitch.queryByText(/more right/)).not.toBeInTheDocument();
});

it('says when a further login was confirmed by somebody else', async () => {
  const reasons = { en: 'That was another account.', ru: 'Это был другой аккаунт.' };
  const opened = await openDashboard({
    path: '/platforms',
    // The same went wrong before: what is said then must be noticed as new.
    prepare: (world) => {
      world.setPlatform('twitch', { reason: reasons.en, reasons });
      world.setWanted('twitch', 'polls_manage', 'example_bot');
    },
  });
  const box = await beginLogin(opened, 'Allow', 'Allow more on Twitch');
  await box.findByText('ABCD-1234');
  expect(box.queryByRole('alert')).not.toBeInTheDocument();
  act(() => void opened.world.setPlatform('twitch', { reason: reasons.en, reasons }));
  expect(await box.findByRole('alert')).toHaveTextContent('That was another account.');
  expect(opened.world.platforms[0]?.state).toBe('connected');
});

it('tells in words what is allowed, and the platform’s own names only for who asks', async () => {
  const opened = await openDashboard({ path: '/platforms' });
  const twitch = await card();
  await opened.user.click(twitch.getByRole('heading', { name: 'What StreamCore may do' }));
  const line = (sentence: string) =>
    within(twitch.getByText(sentence).closest('li') as HTMLElement);
  expect(
    line('Read the chat of your streams.').getByRole('img', { name: 'Allowed:' }),
  ).toBeInTheDocument();
  const polls = line('Start and end polls and predictions.');
  expect(polls.getByRole('img', { name: 'Not allowed:' })).toBeInTheDocument();
  expect(twitch.getByText('user:read:chat')).not.toBeVisible();
  await opened.user.click(twitch.getByText('As Twitch calls it'));
  expect(twitch.getByText('user:read:chat')).toBeVisible();
  await opened.user.click(
    polls.getByRole('button', { name: 'Allow: Start and end polls and predictions.' }),
  );
  expect(await screen.findByRole('dialog', { name: 'Allow more on Twitch' })).toBeInTheDocument();
});

it('connects and disconnects a second account that speaks', async () => {
  const opened = await openDashboard({ path: '/platforms' });
  const { user, world } = opened;
  const twitch = await card();
  await user.click(twitch.getByRole('heading', { name: 'Bot that speaks' }));
  expect(twitch.getByText(/Without one they write in your name/)).toBeVisible();
  const box = await beginLogin(opened, 'Connect the bot', 'Connect the bot to Twitch');
  expect(await box.findByText('ABCD-1234')).toBeInTheDocument();
  expect(box.getByText(/Sign in there as the bot/)).toBeInTheDocument();
  expect(box.queryByText('What StreamCore asks for')).not.toBeInTheDocument();
  await user.click(box.getByRole('button', { name: 'Copy the address' }));
  expect(await navigator.clipboard.readText()).toBe(ADDRESS);
  expect(lastRequest(opened, 'connect')?.body).toEqual({ account: 'bot' });

  const account = { id: '77', name: 'aurora_bot', avatar_url: null };
  act(() => void world.setBot('twitch', { state: 'connected', account }));
  expect(await box.findByText('The bot is connected to Twitch.')).toBeInTheDocument();
  await user.click(box.getAllByRole('button', { name: 'Close' })[0] as HTMLElement);
  expect(twitch.getByText('aurora_bot')).toBeVisible();

  await user.click(twitch.getByRole('button', { name: 'Disconnect the bot' }));
  const sure = within(
    await screen.findByRole('dialog', { name: 'Disconnect the bot from Twitch?' }),
  );
  await user.click(sure.getByRole('button', { name: 'Disconnect' }));
  await waitFor(() => expect(lastRequest(opened, 'disconnect')?.body).toEqual({ account: 'bot' }));
  expect(world.platforms[0]?.state).toBe('connected');
});

it('switches a source of emotes', async () => {
  const opened = await openDashboard({ path: '/platforms' });
  const twitch = await card();
  await opened.user.click(twitch.getByRole('heading', { name: 'Options' }));
  const emotes = twitch.getByRole('switch', { name: 'Emotes of 7TV' });
  expect(emotes).toHaveAccessibleDescription('Asks 7TV for the emotes of your channel.');
  await opened.user.click(emotes);
  await waitFor(() => expect(emotes).toBeChecked());
  expect(lastRequest(opened, 'options')?.body).toEqual({ seventv: true });
});

it('shows health and what is used up quietly', async () => {
  await openDashboard({
    path: '/platforms',
    prepare: (world) =>
      void world.setPlatform('twitch', { quota: { limit: 800, remaining: 790, used: 10 } }),
  });
  const twitch = await card();
  expect(twitch.getByText(/^Sign of life \d+ seconds? ago$/)).toBeInTheDocument();
  expect(twitch.getByText('Delay 84 ms')).toBeInTheDocument();
  expect(twitch.getByText('Requests left this minute: 790 of 800')).toBeInTheDocument();
  expect((await card('YouTube')).getByText('Used today: 1,240 of 10,000')).toBeInTheDocument();
});
