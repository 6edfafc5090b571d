/**
 * The page SDK: what a module's page imports to hear events and talk to its module.
 *
 * ```js
 * import { connect } from '/sdk/v1/streamcore.js';
 * const sc = await connect();
 * sc.on('donation', (event) => show(event.user?.name, event.amount.display));
 * sc.state.on('total', (total) => draw(total));
 * ```
 */
import type {
  AnyEvent,
  EventOf,
  EventType,
  PlatformInfo,
  Refusal,
  StateValue,
} from '../protocol/schema.gen';
import {
  HELLO,
  isDict,
  isPlain,
  PORT,
  PORT_VERSION,
  type PageWelcome,
  type ToPage,
  type ToWrapper,
} from './port';

export type { AnyEvent, EventOf, EventType, PlatformInfo, Refusal };

/** Ends what it was returned for. */
export type Stop = () => void;

/** Why a call failed; `code` is stable, the text is for people. */
export class StreamCoreError extends Error {
  override readonly name = 'StreamCoreError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The replicated state of the module: the newest values, also after a restart of the core. */
export interface State {
  /** The value of a key, or undefined when it was never set. */
  get: (key: string) => unknown;
  /** Call `listener` with the present value, if there is one, and with each new one. */
  on: (key: string, listener: (value: unknown) => void) => Stop;
}

/** What the page knows and can do. */
export interface StreamCore {
  readonly module: string;
  readonly view: string;
  /** The module's settings as the streamer left them. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly platforms: Readonly<Record<string, PlatformInfo>>;
  readonly granted: readonly string[];
  /** The core can be reached. */
  readonly online: boolean;
  /** The module's backend runs. */
  readonly running: boolean;
  readonly state: State;
  /** Hear events of one type; the module's permissions decide which ones arrive. */
  on: <T extends EventType>(type: T, listener: (event: EventOf<T>) => void) => Stop;
  /** Ask the module's backend (`@on_call(name)`); rejects with a `StreamCoreError`. */
  call: (name: string, args?: Readonly<Record<string, unknown>>) => Promise<unknown>;
  /** Hear what the module sends by `views.emit(name, data)`. */
  onMessage: (name: string, listener: (data: unknown) => void) => Stop;
  /** Called with the present settings and whenever the streamer saves new ones. */
  onSettings: (listener: (settings: Readonly<Record<string, unknown>>) => void) => Stop;
  /** Called when `online` or `running` changes. */
  onStatus: (listener: (status: { online: boolean; running: boolean }) => void) => Stop;
  /** Called with event types that the permissions do not cover. */
  onRefused: (listener: (refused: readonly Refusal[]) => void) => Stop;
}

const CALL_TIMEOUT_MS = 30_000;
const MOST_WAITING = 64;

type Listener<T> = (value: T) => void;

/** Listeners by name; a listener that throws does not silence the others. */
class Listeners<T> {
  readonly #byName = new Map<string, Set<Listener<T>>>();

  add(name: string, listener: Listener<T>): Stop {
    const set = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, set);
    set.add(listener);
    return () => {
      set.delete(listener);
      if (set.size === 0 && this.#byName.get(name) === set) this.#byName.delete(name);
    };
  }

  tell(name: string, value: T): void {
    for (const listener of [...(this.#byName.get(name) ?? [])]) tell(listener, value);
  }

  names(): string[] {
    return [...this.#byName.keys()];
  }
}

function tell<T>(listener: Listener<T>, value: T): void {
  try {
    listener(value);
  } catch (error) {
    console.error(error);
  }
}

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: StreamCoreError) => void;
  timer: ReturnType<typeof setTimeout>;
}

class Page implements StreamCore {
  module = '';
  view = '';
  settings: Readonly<Record<string, unknown>> = {};
  platforms: Readonly<Record<string, PlatformInfo>> = {};
  granted: readonly string[] = [];
  online = false;
  running = false;

  #port: MessagePort | null = null;
  readonly #values = new Map<string, StateValue>();
  readonly #events = new Listeners<AnyEvent>();
  readonly #keys = new Listeners<unknown>();
  readonly #messages = new Listeners<unknown>();
  readonly #own = {
    settings: new Listeners<Readonly<Record<string, unknown>>>(),
    status: new Listeners<{ online: boolean; running: boolean }>(),
    refused: new Listeners<readonly Refusal[]>(),
  };
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #asked = '';
  readonly #onWelcome: () => void;

  constructor(onWelcome: () => void) {
    this.#onWelcome = onWelcome;
  }

  readonly state: State = {
    get: (key) => this.#values.get(key)?.value,
    on: (key, listener) => {
      const known = this.#values.get(key);
      if (known) tell(listener, known.value);
      return this.#keys.add(key, listener);
    },
  };

  on<T extends EventType>(type: T, listener: (event: EventOf<T>) => void): Stop {
    const stop = this.#events.add(type, (event) => {
      if (isOf(event, type)) listener(event);
    });
    queueMicrotask(() => this.#subscribe());
    return () => {
      stop();
      queueMicrotask(() => this.#subscribe());
    };
  }

  call(name: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    if (!isPlain(args)) {
      const text = 'The arguments must be plain JSON: no functions, NaN or deep nesting.';
      return Promise.reject(new StreamCoreError('invalid_command', text));
    }
    if (this.#waiting.size >= MOST_WAITING) {
      const text = `At most ${MOST_WAITING} calls may wait for their answers.`;
      return Promise.reject(new StreamCoreError('rate_limited', text));
    }
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new StreamCoreError('timeout', `“${name}” was not answered in time.`));
      }, CALL_TIMEOUT_MS);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#say({ t: 'call', id, name, args });
    });
  }

  onMessage(name: string, listener: (data: unknown) => void): Stop {
    return this.#messages.add(name, listener);
  }

  onSettings(listener: (settings: Readonly<Record<string, unknown>>) => void): Stop {
    tell(listener, this.settings);
    return this.#own.settings.add('', listener);
  }

  onStatus(listener: (status: { online: boolean; running: boolean }) => void): Stop {
    return this.#own.status.add('', listener);
  }

  onRefused(listener: (refused: readonly Refusal[]) => void): Stop {
    return this.#own.refused.add('', listener);
  }

  /** The wrapper gave us a port; it gives another one when it had to start over. */
  attach(port: MessagePort): void {
    this.#port?.close();
    this.#port = port;
    this.#asked = '';
    port.onmessage = ({ data }: MessageEvent<ToPage>) => this.#hear(data);
    this.#subscribe();
  }

  #hear(message: ToPage): void {
    switch (message.t) {
      case 'welcome':
        this.#welcome(message);
        break;
      case 'events':
        for (const event of message.events) {
          if (isEvent(event)) this.#events.tell(event.type, event);
        }
        break;
      case 'state':
        this.#setState(message.key, { value: message.value, revision: message.revision });
        break;
      case 'message':
        this.#messages.tell(message.name, message.data);
        break;
      case 'settings':
        this.settings = message.settings;
        this.#own.settings.tell('', message.settings);
        break;
      case 'grants':
        this.granted = message.granted;
        this.#asked = '';
        this.#subscribe();
        break;
      case 'module':
        this.#status(this.online, message.running);
        break;
      case 'link':
        this.#status(message.online, this.running);
        break;
      case 'refused':
        for (const refusal of message.refused) console.warn(`StreamCore: ${refusal.message}`);
        this.#own.refused.tell('', message.refused);
        break;
      case 'answer':
        this.#answer(message);
        break;
    }
  }

  #welcome(welcome: PageWelcome): void {
    this.module = welcome.module_id;
    this.view = welcome.view_id;
    this.platforms = welcome.platforms;
    this.granted = welcome.granted;
    const settingsChanged = JSON.stringify(this.settings) !== JSON.stringify(welcome.settings);
    this.settings = welcome.settings;
    if (settingsChanged) this.#own.settings.tell('', welcome.settings);
    for (const key of [...this.#values.keys()]) {
      if (!Object.hasOwn(welcome.state, key)) {
        this.#values.delete(key);
        this.#keys.tell(key, undefined);
      }
    }
    for (const [key, value] of Object.entries(welcome.state)) this.#setState(key, value);
    this.#status(true, welcome.module_running);
    this.#onWelcome();
  }

  /** After a restart of the core the same value comes again: nobody needs to redraw for that. */
  #setState(key: string, next: StateValue): void {
    const known = this.#values.get(key);
    this.#values.set(key, next);
    if (known?.revision === next.revision && same(known.value, next.value)) return;
    this.#keys.tell(key, next.value);
  }

  #status(online: boolean, running: boolean): void {
    if (online === this.online && running === this.running) return;
    this.online = online;
    this.running = running;
    this.#own.status.tell('', { online, running });
  }

  #answer({ id, answer }: Extract<ToPage, { t: 'answer' }>): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if (answer.ok) waiting.resolve(answer.result);
    else {
      const { code, message } = answer.error ?? { code: 'internal', message: 'The call failed.' };
      waiting.reject(new StreamCoreError(code, message));
    }
  }

  #subscribe(): void {
    const types = this.#events.names().sort();
    const asked = types.join(' ');
    if (asked === this.#asked || !this.#port) return;
    this.#asked = asked;
    this.#say({ t: 'subscribe', types });
  }

  #say(message: ToWrapper): void {
    this.#port?.postMessage(message);
  }
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function isEvent(value: unknown): value is AnyEvent {
  return isDict(value) && typeof value.type === 'string';
}

function isOf<T extends EventType>(event: AnyEvent, type: T): event is EventOf<T> {
  return event.type === type;
}

let connected: Promise<StreamCore> | null = null;

/**
 * Connect the page to StreamCore; every call in one page gives the same connection.
 *
 * It resolves as soon as the core has answered and then lasts for the life of the page: the wrapper
 * reconnects by itself, and the state is brought up to date without a reload.
 */
export function connect(): Promise<StreamCore> {
  connected ??= open();
  return connected;
}

function open(): Promise<StreamCore> {
  if (window.parent === window) {
    const text =
      'This page works inside StreamCore only: use the address that the dashboard offers for OBS.';
    return Promise.reject(new StreamCoreError('not_embedded', text));
  }
  return new Promise((resolve) => {
    const page: Page = new Page(() => resolve(page));
    let delay = 100;
    let knocking: ReturnType<typeof setTimeout> | undefined;
    const knock = () => {
      // The page has no origin of its own and cannot name its parent's; it says nothing secret.
      window.parent.postMessage({ type: HELLO, version: PORT_VERSION }, '*');
      delay = Math.min(delay * 2, 2000);
      knocking = setTimeout(knock, delay);
    };
    window.addEventListener('message', (event: MessageEvent<unknown>) => {
      const [port] = event.ports;
      if (event.source !== window.parent || !isDict(event.data) || !port) return;
      if (event.data.type !== PORT) return;
      clearTimeout(knocking);
      page.attach(port);
    });
    knock();
  });
}

/** For a page without imports: `<script type="module" src="/sdk/v1/streamcore.js"></script>`. */
declare global {
  interface Window {
    streamcore: { connect: typeof connect; StreamCoreError: typeof StreamCoreError };
  }
}
window.streamcore = { connect, StreamCoreError };
