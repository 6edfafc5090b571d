/** Holds the module's page in a sandboxed frame and talks to it through a private port. */
import type { CommandAnswer } from '../protocol/schema.gen';
import {
  callId,
  HELLO,
  isDict,
  PORT,
  PORT_VERSION,
  readFromPage,
  type PageWelcome,
  type ToPage,
} from './port';

/** What the frame needs from the connection to the core. */
export interface Backend {
  subscribe: (types: readonly string[]) => void;
  call: (name: string, args: Readonly<Record<string, unknown>>) => Promise<CommandAnswer>;
}

/** A page that floods is answered instead of cutting the link that it shares with its alerts. */
const CALLS_PER_S = 100;
const CALLS_BURST = 200;
const MOST_WAITING = 64;

export class FrameHost {
  #frame: HTMLIFrameElement;
  #port: MessagePort | null = null;
  #backend: Backend | null = null;
  #welcome: PageWelcome | null = null;
  #online = false;
  #waiting = 0;
  #allowance = CALLS_BURST;
  #allowanceAt = performance.now();

  constructor(
    private readonly page: Document,
    src: string,
  ) {
    window.addEventListener('message', (event) => this.#knocked(event));
    this.#frame = this.#makeFrame(src);
    page.body.append(this.#frame);
  }

  connectTo(backend: Backend): void {
    this.#backend = backend;
  }

  /** Load the page anew: its files have changed. */
  reload(src: string): void {
    this.#port?.close();
    this.#port = null;
    const next = this.#makeFrame(src);
    this.#frame.replaceWith(next);
    this.#frame = next;
  }

  welcome(welcome: PageWelcome): void {
    this.#welcome = welcome;
    this.#online = true;
    this.tell(welcome);
  }

  lost(): void {
    this.#online = false;
    this.tell({ t: 'link', online: false });
  }

  /** What changes after the welcome also belongs to a page that knocks later. */
  change(message: Extract<ToPage, { t: 'state' | 'settings' | 'grants' | 'module' }>): void {
    if (this.#welcome) this.#welcome = applied(this.#welcome, message);
    this.tell(message);
  }

  tell(message: ToPage): void {
    this.#port?.postMessage(message);
  }

  #makeFrame(src: string): HTMLIFrameElement {
    const frame = this.page.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.setAttribute('allow', 'autoplay');
    frame.setAttribute('referrerpolicy', 'no-referrer');
    Object.assign(frame.style, {
      position: 'fixed',
      inset: '0',
      width: '100%',
      height: '100%',
      border: '0',
      background: 'transparent',
      colorScheme: 'normal',
    });
    frame.src = src;
    return frame;
  }

  /** Only our own frame, which has no origin, gets a port; a reloaded page gets a new one. */
  #knocked(event: MessageEvent<unknown>): void {
    const target = this.#frame.contentWindow;
    if (!target || event.source !== target || event.origin !== 'null') return;
    if (!isDict(event.data) || event.data.type !== HELLO) return;
    this.#port?.close();
    const channel = new MessageChannel();
    this.#port = channel.port1;
    channel.port1.onmessage = ({ data }: MessageEvent<unknown>) => this.#heard(data);
    // An origin that does not exist cannot be named; the window itself was checked above.
    target.postMessage({ type: PORT, version: PORT_VERSION }, '*', [channel.port2]);
    if (this.#welcome) {
      this.tell(this.#welcome);
      if (!this.#online) this.tell({ t: 'link', online: false });
    }
  }

  #heard(data: unknown): void {
    const message = readFromPage(data);
    if (message === null) {
      const id = callId(data);
      if (id !== null) this.#refuse(id, 'invalid_command', 'The arguments must be plain JSON.');
      return;
    }
    if (message.t === 'subscribe') {
      this.#backend?.subscribe(message.types);
      return;
    }
    void this.#call(message.id, message.name, message.args);
  }

  async #call(id: number, name: string, args: Readonly<Record<string, unknown>>): Promise<void> {
    if (!this.#backend || !this.#allowed()) {
      this.#refuse(id, 'rate_limited', 'Too many calls at once; wait a moment.');
      return;
    }
    const port = this.#port;
    this.#waiting += 1;
    const answer = await this.#backend.call(name, args);
    this.#waiting -= 1;
    // A page that was reloaded meanwhile has its own numbers.
    if (port === this.#port) this.tell({ t: 'answer', id, answer });
  }

  #allowed(): boolean {
    const now = performance.now();
    const regained = ((now - this.#allowanceAt) / 1000) * CALLS_PER_S;
    this.#allowance = Math.min(CALLS_BURST, this.#allowance + regained);
    this.#allowanceAt = now;
    if (this.#waiting >= MOST_WAITING || this.#allowance < 1) return false;
    this.#allowance -= 1;
    return true;
  }

  #refuse(id: number, code: 'invalid_command' | 'rate_limited', message: string): void {
    this.tell({ t: 'answer', id, answer: { ok: false, error: { code, message } } });
  }
}

function applied(
  welcome: PageWelcome,
  message: Extract<ToPage, { t: 'state' | 'settings' | 'grants' | 'module' }>,
): PageWelcome {
  switch (message.t) {
    case 'state': {
      const { key, value, revision } = message;
      return { ...welcome, state: { ...welcome.state, [key]: { value, revision } } };
    }
    case 'settings':
      return { ...welcome, settings: message.settings };
    case 'grants':
      return { ...welcome, granted: message.granted };
    case 'module':
      return { ...welcome, module_running: message.running };
  }
}
