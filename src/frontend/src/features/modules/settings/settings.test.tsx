import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { openDashboard } from '../../../../test/dashboard';
import { readFields } from './schema';
import { checkAll, toSend } from './values';

vi.mock('socket.io-client', () => import('../../../../test/fake-socket'));

const open = () => openDashboard({ path: '/modules/example_bot/settings' });

it('saves what was changed and leaves an untouched secret alone', async () => {
  const { user, world } = await open();
  const greeting = await screen.findByRole('textbox', { name: /Greeting/ });
  await user.clear(greeting);
  await user.type(greeting, 'Hi!');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText(/Saved\. The module uses/)).toBeInTheDocument();
  const put = world.requests.find(({ method }) => method === 'PUT');
  expect(put?.body).toMatchObject({ greeting: 'Hi!', ignored: ['streambot'] });
  expect(put?.body).not.toHaveProperty('api_key');
});

it('never shows a secret, and can replace or remove it', async () => {
  const { user, world } = await open();
  const secret = await screen.findByLabelText('Service key');
  expect(secret).toHaveValue('');
  expect(secret).toHaveAttribute('type', 'password');
  await user.type(secret, 's3cret');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() =>
    expect(world.requests.find(({ method }) => method === 'PUT')?.body).toMatchObject({
      api_key: 's3cret',
    }),
  );
  expect(await screen.findByLabelText('Service key')).toHaveValue('');
  await user.click(screen.getByRole('button', { name: 'Remove' }));
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() =>
    expect(world.requests.filter(({ method }) => method === 'PUT').at(-1)?.body).toMatchObject({
      api_key: null,
    }),
  );
});

it('says what is wrong before sending anything', async () => {
  const { user, world } = await open();
  const pause = await screen.findByRole('textbox', { name: /Pause between answers/ });
  await user.clear(pause);
  await user.type(pause, '9000');
  expect(await screen.findByText('At most 600.')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText(/Some values need a look/)).toBeInTheDocument();
  expect(world.requests.some(({ method }) => method === 'PUT')).toBe(false);
});

it('puts the core’s complaint at its field', async () => {
  const { user, world } = await open();
  const greeting = await screen.findByRole('textbox', { name: /Greeting/ });
  await user.type(greeting, '!');
  world.fail('/api/modules/example_bot/settings', {
    status: 422,
    code: 'invalid_input',
    detail: 'The settings are not valid.',
    errors: [{ path: '$.greeting', message: 'Must not shout.' }],
  });
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText('Must not shout.')).toBeInTheDocument();
  expect(greeting).toBeInvalid();
});

describe('a schema', () => {
  const schema = {
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', pattern: '^[a-z]+$' },
      limits: {
        type: 'object',
        properties: {
          per_hour: { type: 'integer', minimum: 1 },
          key: { type: 'string', format: 'secret' },
        },
      },
      anything: { type: ['string', 'null'] },
    },
  };
  const fields = readFields(schema, 'en');

  it('becomes fields, with plain JSON for what has no control of its own', () => {
    expect(fields.map(({ kind, label }) => [kind, label])).toEqual([
      ['text', 'Name'],
      ['group', 'Limits'],
      ['json', 'Anything'],
    ]);
  });

  it('is checked in groups too', () => {
    const complaints = checkAll(fields, { name: 'A1', limits: { per_hour: 0 } });
    expect([...complaints.keys()]).toEqual(['name', 'limits.per_hour']);
  });

  it('sends no mask of a nested secret back', () => {
    expect(toSend(fields, { name: 'a', limits: { per_hour: 2, key: { set: true } } })).toEqual({
      name: 'a',
      limits: { per_hour: 2 },
    });
  });
});
