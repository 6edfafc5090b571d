/** Gathers pushed events for a moment, so that a flood costs one render and not a thousand. */
import type { AnyEvent } from '@/protocol/schema.gen';
import { isRecord } from '../api';

const DELAY_MS = 50;
/** A hidden page is woken rarely: keep what would be shown, let the rest of the chat go. */
const WAITING_LIMIT = 5000;

export class EventInbox {
  #waiting: AnyEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly deliver: (events: readonly AnyEvent[]) => void) {}

  push(payload: unknown): void {
    if (!Array.isArray(payload)) return;
    for (const item of payload) if (isEvent(item)) this.#waiting.push(item);
    if (this.#waiting.length > WAITING_LIMIT) {
      const excess = this.#waiting.length - WAITING_LIMIT;
      let dropped = 0;
      this.#waiting = this.#waiting.filter(
        (event) => event.type !== 'chat_message' || ++dropped > excess,
      );
    }
    this.#timer ??= setTimeout(() => this.flush(), DELAY_MS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = this.#waiting;
    this.#waiting = [];
    if (events.length > 0) this.deliver(events);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }
}

export function isEvent(value: unknown): value is AnyEvent {
  return isRecord(value) && typeof value.type === 'string' && typeof value.id === 'string';
}
