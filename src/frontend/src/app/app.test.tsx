import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { openDashboard } from '../../test/dashboard';

vi.mock('socket.io-client', () => import('../../test/fake-socket'));

it('opens with the one-time code and keeps it out of the address', async () => {
  const { world, socket } = await openDashboard();
  expect(await screen.findByText('спасибо всем, вы лучшие!')).toBeInTheDocument();
  expect(window.location.href).not.toContain('code=');
  expect(world.requests.filter(({ path }) => path === '/api/session')).toHaveLength(1);
  expect(socket().url).toBe('/dashboard');
  expect(socket().options).toMatchObject({ path: '/socket.io/', transports: ['websocket'] });
});

it('shows how to open the dashboard when there is no session', async () => {
  await openDashboard({ code: null });
  expect(
    await screen.findByRole('heading', { name: 'Open the dashboard from StreamCore' }),
  ).toBeInTheDocument();
});

it('says that a spent code is spent', async () => {
  await openDashboard({ code: 'spent' });
  expect(
    await screen.findByRole('heading', { name: 'Your session has ended' }),
  ).toBeInTheDocument();
});

it('leaves when the core no longer knows the session', async () => {
  const { world, socket } = await openDashboard();
  await screen.findByText('спасибо всем, вы лучшие!');
  world.tokens.clear();
  act(() => {
    socket().lose();
    const refusal = Object.assign(new Error('refused'), { data: { code: 'permission_denied' } });
    socket().hear('connect_error', refusal);
  });
  expect(
    await screen.findByRole('heading', { name: 'Your session has ended' }),
  ).toBeInTheDocument();
});

it('keeps the screen through a lost connection, says so calmly, and catches up', async () => {
  const { world, socket } = await openDashboard();
  await screen.findByText('спасибо всем, вы лучшие!');
  act(() => socket().lose());
  expect(
    await screen.findByText('Connection to StreamCore lost.', {}, { timeout: 3000 }),
  ).toBeInTheDocument();
  expect(screen.getByText('спасибо всем, вы лучшие!')).toBeInTheDocument();
  world.events.push(world.maker.chat('missed in between', null, 'twitch'));
  act(() => socket().accept());
  expect(await screen.findByText('missed in between')).toBeInTheDocument();
  expect(screen.queryByText('Connection to StreamCore lost.')).not.toBeInTheDocument();
});

it('says that the disk is full until it is not', async () => {
  const { world } = await openDashboard();
  await screen.findByText('спасибо всем, вы лучшие!');
  expect(screen.queryByText('The disk is full.')).not.toBeInTheDocument();
  act(() => world.setStorage('disk_full', 'The disk is full: make room on it.'));
  expect(await screen.findByText('The disk is full.')).toBeInTheDocument();
  expect(screen.getByText(/Donations and subscriptions wait and are not lost/)).toBeInTheDocument();
  act(() => world.setStorage('ok'));
  await waitFor(() => expect(screen.queryByText('The disk is full.')).not.toBeInTheDocument());
});

it.each([
  ['failing', 'StreamCore не может сохранять данные.'],
  ['rebuilt', 'База данных была повреждена, поэтому начата новая.'],
])('tells a dashboard that opens later, and why (%s)', async (state, title) => {
  await openDashboard({
    locale: 'ru',
    prepare: (world) => world.setStorage(state, 'kept as damaged.db'),
  });
  expect(await screen.findByText(title)).toBeInTheDocument();
  expect(screen.getByText('kept as damaged.db')).toBeInTheDocument();
});

it('changes language and theme at once', async () => {
  const { user } = await openDashboard();
  await user.click(screen.getByRole('button', { name: 'Language and theme' }));
  await user.click(screen.getByRole('menuitemradio', { name: 'Русский' }));
  expect(await screen.findByRole('link', { name: /Модули/ })).toBeInTheDocument();
  expect(document.documentElement.lang).toBe('ru');
  await user.click(screen.getByRole('button', { name: 'Язык и тема' }));
  await user.click(screen.getByRole('menuitemradio', { name: 'Светлая' }));
  await waitFor(() => expect(document.documentElement.dataset.theme).toBe('light'));
});

it('tells in the menu how many modules need a look', async () => {
  await openDashboard();
  const menu = screen.getByRole('navigation', { name: 'Main' });
  expect(
    await within(menu).findByRole('link', { name: /Modules.*4 need a look/ }),
  ).toBeInTheDocument();
});

it('an unknown address leads back', async () => {
  await openDashboard({ path: '/nowhere' });
  expect(await screen.findByRole('link', { name: 'Go to Live' })).toBeInTheDocument();
});
