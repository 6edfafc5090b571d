import { act, fireEvent, screen, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { openDashboard } from '../../../test/dashboard';
import { PEOPLE } from '../../../test/fake-core/people.js';
import { sample } from '../../../test/sample-events';

vi.mock('socket.io-client', () => import('../../../test/fake-socket'));

const chat = () => screen.findByRole('log', { name: 'Chat messages' });

it('shows platforms, chat, activity and modules', async () => {
  const { world } = await openDashboard();
  act(() => world.push('events', [world.maker.viewers('twitch', 1284)]));
  const strip = await screen.findByRole('region', { name: 'Platforms at a glance' });
  expect(await within(strip).findByText('1,284')).toBeInTheDocument();
  expect(await within(await chat()).findByText('спасибо всем, вы лучшие!')).toBeInTheDocument();
  const activity = screen.getByRole('region', { name: 'Activity' });
  expect(await within(activity).findByText('1 500 ₽')).toBeInTheDocument();
  expect(within(activity).getByText('gave 20 subscriptions, tier 1')).toBeInTheDocument();
  const modules = screen.getByRole('region', { name: 'Modules' });
  expect(
    await within(modules).findByRole('link', { name: /Dice.*crashed too often/ }),
  ).toBeInTheDocument();
});

it('says what to do when nothing is connected', async () => {
  await openDashboard({ empty: true });
  expect(await screen.findByText('The chat is quiet')).toBeInTheDocument();
  expect(screen.getByText('Nothing has happened yet')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Connect one' })).toHaveAttribute('href', '#/platforms');
  expect(screen.getByRole('textbox', { name: 'Message to the chat' })).toBeDisabled();
});

it('shows hostile text as text', async () => {
  await openDashboard();
  const line = await within(await chat()).findByText(/<img src=x onerror=alert\(1\)>/);
  expect(line.querySelector('img, script')).toBeNull();
});

it('hides what a moderator removed', async () => {
  await openDashboard();
  expect(await within(await chat()).findByText('Message removed')).toBeInTheDocument();
  expect(screen.queryByText('bbbuy ch3ap f0llow3rs')).not.toBeInTheDocument();
});

it('adds pushed messages, and holds still while pointed at', async () => {
  const { world, user } = await openDashboard();
  const log = await chat();
  act(() => world.publish(world.maker.chat('just in', null, 'twitch')));
  expect(await within(log).findByText('just in')).toBeInTheDocument();

  fireEvent.pointerEnter(log, { pointerType: 'mouse' });
  act(() => world.publish(world.maker.chat('while reading', null, 'twitch')));
  const pill = await screen.findByRole('button', { name: /1 new message/ });
  expect(within(log).queryByText('while reading')).not.toBeInTheDocument();

  await user.click(pill);
  fireEvent.pointerLeave(log);
  expect(await within(log).findByText('while reading')).toBeInTheDocument();
});

it('filters by words and by who wrote', async () => {
  const { user } = await openDashboard();
  const log = await chat();
  await within(log).findByText('спасибо всем, вы лучшие!');
  await user.type(screen.getByRole('searchbox', { name: 'Search in chat' }), 'конкурс');
  expect(await within(log).findByText(/Конкурс рисунков/)).toBeInTheDocument();
  expect(within(log).queryByText('спасибо всем, вы лучшие!')).not.toBeInTheDocument();
  await user.clear(screen.getByRole('searchbox', { name: 'Search in chat' }));

  await user.click(screen.getByRole('button', { name: 'Filter chat' }));
  await user.click(screen.getByRole('menuitemradio', { name: 'First-time chatters' }));
  expect(await within(log).findByText('первый раз на стриме, привет!')).toBeInTheDocument();
  expect(within(log).queryByText('спасибо всем, вы лучшие!')).not.toBeInTheDocument();
});

it('sends to the chosen chat and clears the box', async () => {
  const { user, world } = await openDashboard();
  const box = await screen.findByRole('textbox', { name: 'Message to the chat' });
  await vi.waitFor(() => expect(box).toBeEnabled());
  await user.click(screen.getByRole('button', { name: /Where to send/ }));
  await user.click(screen.getByRole('menuitemradio', { name: 'YouTube' }));
  await user.type(box, 'hello there{Enter}');
  await vi.waitFor(() => expect(world.sent).toEqual([{ msg: 'hello there', target: 'youtube' }]));
  await vi.waitFor(() => expect(box).toHaveValue(''));
});

it('keeps a text that was refused and says why', async () => {
  const { user } = await openDashboard();
  const box = await screen.findByRole('textbox', { name: 'Message to the chat' });
  await vi.waitFor(() => expect(box).toBeEnabled());
  await user.type(box, 'please refuse{Enter}');
  expect(
    await screen.findByText(/Not sent to Twitch: the platform refused it/),
  ).toBeInTheDocument();
  expect(box).toHaveValue('please refuse');
});

it('shows only money when asked', async () => {
  const { user } = await openDashboard();
  const activity = await screen.findByRole('region', { name: 'Activity' });
  await within(activity).findByText('raids with 231 viewers');
  await user.click(within(activity).getByRole('radio', { name: 'Money' }));
  expect(within(activity).queryByText('raids with 231 viewers')).not.toBeInTheDocument();
  expect(within(activity).getByText('€5.00')).toBeInTheDocument();
});

it('marks quietly what was caught up', async () => {
  const { world } = await openDashboard({ empty: true });
  await screen.findByText('Nothing has happened yet');
  act(() => world.publish(sample('follow', { origin: 'catch_up' }), sample('raid')));
  const late = (await screen.findByText('follows the channel')).closest('article');
  expect(late).toHaveTextContent('while you were offline');
  expect(screen.getByText('raids with 12 viewers').closest('article')).not.toHaveTextContent(
    'offline',
  );
});

it('names a notice that has no words of its own', async () => {
  const { world } = await openDashboard({ empty: true });
  await screen.findByText('The chat is quiet');
  act(() => world.publish(sample('platform_notice')));
  expect(await within(await chat()).findByText(/does not know yet: modiversary/)).toBeVisible();
});

it('shows moderation by itself', async () => {
  const { world, user } = await openDashboard({ empty: true });
  await screen.findByText('Nothing has happened yet');
  act(() => world.publish(sample('user_warned'), sample('cheer')));
  await screen.findByText('cheered');
  await user.click(screen.getByRole('radio', { name: 'Moderation' }));
  expect(screen.queryByText('cheered')).not.toBeInTheDocument();
  expect(screen.getByText('was warned')).toBeVisible();
  expect(screen.getByText('Moderator: Mod')).toBeVisible();
});

it('shows badges and emotes as pictures, and by their names when a picture fails', async () => {
  const { world } = await openDashboard({ empty: true });
  await screen.findByText('The chat is quiet');
  const badge = (set: string, title: string, image_url: string) => ({
    set,
    id: '1',
    title,
    image_url,
  });
  const badges = [
    badge('founder', 'Founder', '/media/badges/founder.png'),
    badge('glitch', 'GlitchCon', 'https://static-cdn.jtvnw.net/badges/glitch.png'),
  ];
  const mira = { ...PEOPLE[0], badges };
  const emote = { provider: 'twitch', id: '25', animated: false, url: '/media/emotes/25.png' };
  const fragments = [
    { kind: 'text', text: 'hello ', emote: null },
    { kind: 'emote', text: 'Kappa', emote },
  ];
  act(() => world.publish(world.maker.chat('hello Kappa', mira, 'twitch', { fragments })));
  const line = within(await chat());
  const picture = await line.findByRole('img', { name: 'Kappa' });
  expect(picture).toHaveAttribute('src', emote.url);
  expect(line.getByRole('img', { name: 'Founder' })).toHaveAttribute('src', badges[0]?.image_url);
  // The page's policy lets nobody but the core be asked.
  expect(line.getByRole('img', { name: 'GlitchCon' }).tagName).toBe('svg');

  fireEvent.error(picture);
  fireEvent.error(line.getByRole('img', { name: 'Founder' }));
  expect(line.getByText('Kappa')).toBeVisible();
  expect(line.queryByRole('img', { name: 'Kappa' })).not.toBeInTheDocument();
  expect(line.getByRole('img', { name: 'Founder' }).tagName).toBe('svg');
});
