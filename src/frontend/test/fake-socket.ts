/** A socket without a network: tests say what the core says. */

type Handler = (...args: unknown[]) => void;

export class FakeSocket {
  connected = false;
  /** Whether the library itself would try again. */
  active = false;
  readonly emitted: { name: string; payload: unknown }[] = [];
  readonly #handlers = new Map<string, Set<Handler>>();

  constructor(
    readonly url: string,
    readonly options: Readonly<Record<string, unknown>>,
  ) {
    sockets.push(this);
  }

  on(name: string, handler: Handler): this {
    const set = this.#handlers.get(name) ?? new Set();
    this.#handlers.set(name, set);
    set.add(handler);
    return this;
  }

  off(name: string, handler: Handler): this {
    this.#handlers.get(name)?.delete(handler);
    return this;
  }

  emit(name: string, payload: unknown, ack?: Handler): this {
    this.emitted.push({ name, payload });
    ack?.({ refused: [] });
    return this;
  }

  connect(): this {
    this.active = true;
    onConnect(this);
    return this;
  }

  disconnect(): this {
    this.connected = false;
    this.active = false;
    return this;
  }

  /** The core says something. */
  hear(name: string, ...args: unknown[]): void {
    for (const handler of [...(this.#handlers.get(name) ?? [])]) handler(...args);
  }

  accept(): void {
    this.connected = true;
    this.hear('connect');
    this.hear('welcome', { version: '0.0.0', boot_id: 'b1' });
  }

  lose(): void {
    this.connected = false;
    this.hear('disconnect', 'transport close');
  }
}

export const sockets: FakeSocket[] = [];
let onConnect: (socket: FakeSocket) => void = () => undefined;

export function whenConnecting(handler: (socket: FakeSocket) => void): void {
  onConnect = handler;
}

export const io = (url: string, options: Readonly<Record<string, unknown>>): FakeSocket =>
  new FakeSocket(url, options);
