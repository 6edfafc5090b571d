/** The wrapper's link to the core: reconnects for ever, checks what arrives, passes it to the page. */
import { io, type Socket } from 'socket.io-client';
import type { CommandAnswer, PlatformInfo, Refusal, StateValue } from '../protocol/schema.gen';
import type { Backend, FrameHost } from './frame-host';
import { isDict, isText, type Dict, type PageWelcome } from './port';

const PROTOCOL = 1;
const CALL_TIMEOUT_MS = 25_000;

export class ViewLink implements Backend {
  /** Called with the digest of the module's files at each connect. */
  onDigest: (digest: string) => void = () => undefined;

  readonly #socket: Socket;
  readonly #host: FrameHost;
  #types: readonly string[] | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #refusals = 0;

  constructor(key: string, host: FrameHost) {
    this.#host = host;
    this.#socket = io('/view', {
      path: '/overlay-io/',
      transports: ['websocket'],
      auth: { key, protocol: PROTOCOL },
      autoConnect: false,
      reconnectionDelay: 300,
      reconnectionDelayMax: 5000,
      randomizationFactor: 0.5,
      timeout: 8000,
    });
    this.#listen();
  }

  open(): void {
    this.#socket.connect();
  }

  subscribe(types: readonly string[]): void {
    this.#types = types;
    this.#ready();
  }

  async call(name: string, args: Readonly<Dict>): Promise<CommandAnswer> {
    if (!this.#socket.connected)
      return failed('platform_not_connected', 'StreamCore is restarting.');
    try {
      const answer: unknown = await this.#socket
        .timeout(CALL_TIMEOUT_MS)
        .emitWithAck('call', { name, args });
      return isAnswer(answer) ? answer : failed('internal', 'The answer could not be read.');
    } catch {
      return failed('timeout', `“${name}” was not answered in time.`);
    }
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('disconnect', () => {
      this.#host.lost();
      this.#retryWhenIdle();
    });
    socket.on('connect_error', () => this.#retryWhenIdle());
    socket.on('welcome', (payload: unknown) => {
      const welcome = readWelcome(payload);
      if (!welcome || !isDict(payload)) return;
      this.#refusals = 0;
      this.#host.welcome(welcome);
      if (isText(payload.digest)) this.onDigest(payload.digest);
      this.#ready();
    });
    socket.on('events', (payload: unknown) => {
      if (!Array.isArray(payload)) return;
      const events = payload.filter(isDict);
      if (events.length > 0) this.#host.tell({ t: 'events', events });
    });
    socket.on('state', (payload: unknown) => {
      if (!isDict(payload) || !isText(payload.key) || typeof payload.revision !== 'number') return;
      const { key, value, revision } = payload;
      this.#host.change({ t: 'state', key, value, revision });
    });
    socket.on('message', (payload: unknown) => {
      if (!isDict(payload) || !isText(payload.name)) return;
      this.#host.tell({ t: 'message', name: payload.name, data: payload.data });
    });
    socket.on('settings', (payload: unknown) => {
      if (!isDict(payload) || !isDict(payload.settings)) return;
      this.#host.change({ t: 'settings', settings: payload.settings });
    });
    socket.on('grants', (payload: unknown) => {
      if (!isDict(payload) || !isTexts(payload.granted)) return;
      this.#host.change({ t: 'grants', granted: payload.granted });
    });
    socket.on('module', (payload: unknown) => {
      if (!isDict(payload) || typeof payload.running !== 'boolean') return;
      this.#host.change({ t: 'module', running: payload.running });
    });
  }

  /** Say which events the page wants: at its word, and again at each connect. */
  #ready(): void {
    if (!this.#socket.connected || this.#types === null) return;
    this.#socket.emit('ready', { subscribe: this.#types }, (answer: unknown) => {
      if (!isDict(answer) || !Array.isArray(answer.refused)) return;
      const refused = answer.refused.filter(isRefusal);
      if (refused.length > 0) this.#host.tell({ t: 'refused', refused });
    });
  }

  /** The library gives up when the core itself refuses, for instance while it is starting. */
  #retryWhenIdle(): void {
    if (this.#socket.active) return;
    clearTimeout(this.#retry);
    this.#refusals = Math.min(this.#refusals + 1, 6);
    const delay = Math.min(500 * 2 ** this.#refusals, 15_000) * (0.5 + Math.random() / 2);
    this.#retry = setTimeout(() => this.#socket.connect(), delay);
  }
}

function failed(
  code: 'internal' | 'timeout' | 'platform_not_connected',
  message: string,
): CommandAnswer {
  return { ok: false, error: { code, message } };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isAnswer(value: unknown): value is CommandAnswer {
  if (!isDict(value) || typeof value.ok !== 'boolean') return false;
  return value.ok || value.error === undefined || value.error === null || isDict(value.error);
}

function isRefusal(value: unknown): value is Refusal {
  return isDict(value) && isText(value.type);
}

function isState(value: unknown): value is Record<string, StateValue> {
  return (
    isDict(value) &&
    Object.values(value).every((item) => isDict(item) && typeof item.revision === 'number')
  );
}

function isPlatforms(value: unknown): value is Record<string, PlatformInfo> {
  return isDict(value) && Object.values(value).every(isDict);
}

export function readWelcome(payload: unknown): PageWelcome | null {
  if (!isDict(payload)) return null;
  const { module_id, view_id, granted, settings, state, platforms, module_running } = payload;
  if (!isText(module_id) || !isText(view_id) || !isTexts(granted)) return null;
  if (!isDict(settings) || !isState(state) || !isPlatforms(platforms)) return null;
  return {
    t: 'welcome',
    module_id,
    view_id,
    granted,
    settings,
    state,
    platforms,
    module_running: module_running === true,
  };
}
