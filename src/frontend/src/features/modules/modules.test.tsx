import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { openDashboard } from '../../../test/dashboard';

vi.mock('socket.io-client', () => import('../../../test/fake-socket'));

const dialog = () => screen.findByRole('dialog');

it('puts what needs a decision first', async () => {
  await openDashboard({ path: '/modules' });
  const groups = await screen.findAllByRole('heading', { level: 2 });
  expect(groups.map((group) => group.textContent)).toEqual([
    'Needs your decision 4',
    'On 2',
    'Off 1',
  ]);
});

it('says where to put modules when there are none, and shows one that appears', async () => {
  const { world } = await openDashboard({ path: '/modules', empty: true });
  expect(await screen.findByText('No modules yet')).toBeInTheDocument();
  const [module] = (await import('../../../test/fake-core/modules.js')).makeModules();
  act(() => world.push('modules', [module]));
  expect(await screen.findByRole('link', { name: 'Example bot' })).toBeInTheDocument();
  act(() => world.push('modules', [{ id: 'example_bot', removed: true }]));
  expect(await screen.findByText('No modules yet')).toBeInTheDocument();
});

it('offers to try again when the list cannot be loaded', async () => {
  const { world, user } = await openDashboard({
    path: '/modules',
    prepare: (world) =>
      world.fail('/api/modules', { status: 500, code: 'internal', detail: 'Disk.' }),
  });
  expect(await screen.findByText('Disk.')).toBeInTheDocument();
  world.heal();
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('link', { name: 'Example bot' })).toBeInTheDocument();
});

it('shows exactly what a new module asks for, and starts it on approval', async () => {
  const { user, world } = await openDashboard({ path: '/modules/song_requests' });
  await user.click(await screen.findByRole('button', { name: 'Review and approve' }));
  const box = within(await dialog());
  expect(box.getByText('Write in the chat in your name.')).toBeInTheDocument();
  expect(box.getByText('api.songs.example')).toBeInTheDocument();
  expect(box.getByText('rapidfuzz==3.9.0')).toBeInTheDocument();
  expect(box.getAllByText('High risk')).toHaveLength(2);

  const approve = box.getByRole('button', { name: 'Approve and start' });
  expect(approve).toBeDisabled();
  await waitFor(() => expect(approve).toBeEnabled(), { timeout: 3000 });
  await user.click(approve);
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  expect(await screen.findByText('Running')).toBeInTheDocument();
  const asked = world.requests.find(({ path }) => path.endsWith('/approve'));
  expect(asked?.body).toMatchObject({
    permissions: ['chat_moderate', 'network', 'chat_send', 'chat_read', 'rewards_read'],
  });
});

it('shows only the difference when a module asks again', async () => {
  const { user } = await openDashboard({ path: '/modules/raid_greeter' });
  await user.click(await screen.findByRole('button', { name: 'Review and approve' }));
  const box = within(await dialog());
  expect(box.getByText('Since you approved it, it asks for more:')).toBeInTheDocument();
  const added = box.getByText(/Change your title and category/).closest('li');
  expect(added).toHaveTextContent('New');
  expect(box.getByText('YouTube')).toBeInTheDocument();
  const gone = box.getByText('It no longer asks for:').closest('section');
  expect(gone).toHaveTextContent('Read the chat of your streams.');
  const kept = box.getByText('You have already allowed:').closest('section');
  expect(kept).toHaveTextContent('Write in the chat in your name.');
  expect(kept).not.toHaveTextContent('Change your title');
});

it('does not approve a module that changed under the reader’s eyes', async () => {
  const { user, world } = await openDashboard({ path: '/modules/song_requests' });
  await user.click(await screen.findByRole('button', { name: 'Review and approve' }));
  await dialog();
  act(() => void world.setModule('song_requests', { digest: 'sha256:other' }));
  expect(await screen.findByText(/changed while you were reading/)).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Approve and start' })).toBeDisabled();
});

it('lists every problem of a broken module', async () => {
  await openDashboard({ path: '/modules/broken_thing' });
  expect(await screen.findByText('"chat_delete"')).toBeInTheDocument();
  expect(screen.getByText('$.version')).toBeInTheDocument();
  expect(screen.getByText('Take it out, or use chat_moderate.')).toBeInTheDocument();
  expect(screen.queryByRole('tab', { name: 'Settings' })).not.toBeInTheDocument();
});

it('shows the last lines of a module that kept crashing, and turns it on again', async () => {
  const { user } = await openDashboard({ path: '/modules/dice' });
  expect(await screen.findByText(/No module named 'dicelib'/)).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Turn on' }));
  expect(await screen.findByText('Running')).toBeInTheDocument();
});

it('withdraws a permission and shows what was refused', async () => {
  const { user, world } = await openDashboard({ path: '/modules/example_bot/permissions' });
  const toggle = await screen.findByRole('switch', {
    name: 'Allow: Write in the chat in your name.',
  });
  expect(toggle).toBeChecked();
  await user.click(toggle);
  await waitFor(() => expect(toggle).not.toBeChecked());
  expect(world.requests.at(-1)).toMatchObject({ method: 'PATCH', body: { chat_send: false } });
  expect(await screen.findByText('timeout_user (needs: chat_moderate)')).toBeInTheDocument();
});

it('copies the address for OBS and makes a new one after asking', async () => {
  const { user } = await openDashboard({ path: '/modules/example_bot/pages' });
  await user.click(await screen.findByRole('button', { name: 'Copy OBS address' }));
  expect(await screen.findByText('Copied')).toBeInTheDocument();
  expect(await navigator.clipboard.readText()).toBe(
    'http://127.0.0.1:8080/overlay/example_bot/overlay#k=key-1',
  );
  await user.click(screen.getByRole('button', { name: 'New address' }));
  await user.click(screen.getByRole('button', { name: 'Make a new address' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  await user.click(screen.getByRole('button', { name: /Copy OBS address|Copied/ }));
  expect(await navigator.clipboard.readText()).toContain('#k=key-2');
});

it('follows the log live while it is open', async () => {
  const { world, socket, user } = await openDashboard({ path: '/modules/example_bot/log' });
  const log = await screen.findByRole('log', { name: 'Log of the module' });
  expect(within(log).getByText('greeting NightOwl')).toBeInTheDocument();
  expect(socket().emitted).toContainEqual({
    name: 'open_log',
    payload: { module_id: 'example_bot' },
  });
  const line = {
    at: new Date().toISOString(),
    stream: 'log',
    level: 'error',
    text: 'a new trouble',
  };
  act(() => world.push('log_line', { module_id: 'example_bot', line }));
  act(() => world.push('log_line', { module_id: 'dice', line: { ...line, text: 'not mine' } }));
  expect(await within(log).findByText('a new trouble')).toBeInTheDocument();
  expect(within(log).queryByText('not mine')).not.toBeInTheDocument();
  await user.selectOptions(screen.getByRole('combobox', { name: 'Which lines' }), 'problems');
  expect(within(log).queryByText('greeting NightOwl')).not.toBeInTheDocument();
});
