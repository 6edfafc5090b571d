/** Opens the whole dashboard against the fake core, inside the test's own process. */
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { vi } from 'vitest';
import { App } from '@/app/app';
import { createCore } from '@/app/create-core';
import { openEntry } from '@/lib/entry';
import { CODE, World } from './fake-core/world.js';
import { sockets, whenConnecting, type FakeSocket } from './fake-socket';

interface Options {
  /** Where to start, after the session has been opened. */
  path?: string;
  empty?: boolean;
  locale?: 'en' | 'ru';
  /** Without a code the page has no session. */
  code?: string | null;
  prepare?: (world: World) => void;
}

export async function openDashboard({
  path = '/',
  empty = false,
  locale = 'en',
  code = CODE,
  prepare,
}: Options = {}) {
  window.localStorage.setItem('streamcore.locale', locale);
  const world = new World({ empty });
  prepare?.(world);
  let offline = false;
  vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
    if (offline) return Promise.reject(new TypeError('Failed to fetch'));
    const headers = new Headers(init.headers);
    const token = (headers.get('authorization') ?? '').replace('Bearer ', '');
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const answer = world.handle(init.method ?? 'GET', address, token, body);
    return Promise.resolve(new Response(JSON.stringify(answer.body), { status: answer.status }));
  });
  sockets.length = 0;
  whenConnecting((socket) => {
    queueMicrotask(() => socket.accept());
  });
  world.push = (name: string, payload: unknown) => sockets.at(-1)?.hear(name, payload);

  window.location.hash = code === null ? '' : `#code=${code}`;
  const entry = openEntry();
  window.location.hash = path;
  const user = userEvent.setup();
  render(<App core={createCore(entry)} exchange={entry.exchange} />);
  if (code === CODE) await screen.findByRole('navigation');
  return {
    user,
    world,
    socket: () => {
      const socket: FakeSocket | undefined = sockets.at(-1);
      if (!socket) throw new Error('the dashboard opened no socket');
      return socket;
    },
    setOffline: (value: boolean) => {
      offline = value;
    },
  };
}
