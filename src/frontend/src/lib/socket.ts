/** The one live link to the core: it reconnects for ever and says how it stands. */
import { io, type Socket } from 'socket.io-client';
import { isRecord } from './api';
import type { SessionStore } from './session';

export type LinkState = 'connecting' | 'online' | 'offline';
export type PushHandler = (payload: unknown) => void;

/** Refusals after which no retry with the same token can succeed. */
const SESSION_ENDED = new Set(['permission_denied', 'unauthorized']);

export class CoreLink {
  readonly #socket: Socket;
  readonly #session: SessionStore;
  #state: LinkState = 'connecting';
  #listeners = new Set<() => void>();
  #retry: ReturnType<typeof setTimeout> | undefined;
  #refusals = 0;

  constructor(session: SessionStore, url = '/dashboard') {
    this.#session = session;
    this.#socket = io(url, {
      path: '/socket.io/',
      transports: ['websocket'],
      autoConnect: false,
      auth: (give) => give({ token: session.current?.token ?? '' }),
      reconnectionDelay: 400,
      reconnectionDelayMax: 4000,
      randomizationFactor: 0.5,
      timeout: 8000,
    });
    this.#socket.on('connect', () => {
      this.#refusals = 0;
      this.#set('online');
    });
    this.#socket.on('disconnect', () => {
      this.#set('offline');
      this.#retryWhenIdle();
    });
    this.#socket.on('connect_error', (error) => {
      this.#set('offline');
      if (SESSION_ENDED.has(refusalCode(error))) {
        this.#session.clear();
        return;
      }
      this.#retryWhenIdle();
    });
  }

  get state(): LinkState {
    return this.#state;
  }

  open(): void {
    this.#socket.connect();
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#socket.disconnect();
  }

  /** Try at once: the streamer pressed "retry", or the machine woke up. */
  reconnect(): void {
    if (this.#socket.connected) return;
    clearTimeout(this.#retry);
    this.#socket.disconnect().connect();
  }

  on(event: string, handler: PushHandler): () => void {
    this.#socket.on(event, handler);
    return () => this.#socket.off(event, handler);
  }

  /** Tell the core something that needs no answer, such as which log page is open. */
  emit(event: string, payload: unknown): void {
    if (this.#socket.connected) this.#socket.emit(event, payload);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The library does not retry when the server itself refused or ended the connection. */
  #retryWhenIdle(): void {
    if (this.#socket.active) return;
    clearTimeout(this.#retry);
    this.#refusals += 1;
    const delay = Math.min(400 * 2 ** this.#refusals, 8000) * (0.5 + Math.random() / 2);
    this.#retry = setTimeout(() => {
      if (this.#session.current) this.#socket.connect();
    }, delay);
  }

  #set(state: LinkState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

function refusalCode(error: Error): string {
  const data: unknown = 'data' in error ? error.data : null;
  if (isRecord(data) && typeof data.code === 'string') return data.code;
  return error.message;
}
