import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { openDashboard } from '../../../test/dashboard';

vi.mock('socket.io-client', () => import('../../../test/fake-socket'));

it('connects with a code and notices that it is done', async () => {
  const { user, world } = await openDashboard({ path: '/platforms', empty: true });
  const [connect] = await screen.findAllByRole('button', { name: 'Connect' });
  if (connect) await user.click(connect);
  const box = within(await screen.findByRole('dialog', { name: 'Connect Twitch' }));
  expect(await box.findByText('ABCD-1234')).toBeInTheDocument();
  expect(box.getByRole('link', { name: 'Open www.example.com/activate' })).toHaveAttribute(
    'href',
    'https://www.example.com/activate?public=true',
  );
  expect(box.getByText(/Valid for another 29:5/)).toBeInTheDocument();
  act(() => void world.setPlatform('twitch', { state: 'connected' }));
  expect(await box.findByText('Twitch is connected.')).toBeInTheDocument();
});

it('gives the login up when the dialog is closed', async () => {
  const { user, world } = await openDashboard({ path: '/platforms', empty: true });
  const [connect] = await screen.findAllByRole('button', { name: 'Connect' });
  if (connect) await user.click(connect);
  await screen.findByText('ABCD-1234');
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(world.requests.at(-1)?.path).toBe('/api/platforms/twitch/disconnect'));
});

it('says why the platform wants a new login', async () => {
  await openDashboard({
    path: '/platforms',
    prepare: (world) =>
      void world.setPlatform('twitch', {
        state: 'auth_required',
        reason: 'The password was changed.',
      }),
  });
  expect(await screen.findByText('The password was changed.')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Sign in again' })).toBeInTheDocument();
});

it('disconnects only after asking', async () => {
  const { user, world } = await openDashboard({ path: '/platforms' });
  const [button] = await screen.findAllByRole('button', { name: 'Disconnect' });
  if (button) await user.click(button);
  const box = within(await screen.findByRole('dialog', { name: 'Disconnect Twitch?' }));
  expect(world.platforms[0]?.state).toBe('connected');
  await user.click(box.getByRole('button', { name: 'Disconnect' }));
  expect(await screen.findByRole('button', { name: 'Connect' })).toBeInTheDocument();
});
