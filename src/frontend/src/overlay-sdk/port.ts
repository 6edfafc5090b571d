/** The words between a module's page and the wrapper around it, each checked when it arrives. */
import type { CommandAnswer, PlatformInfo, Refusal, StateValue } from '../protocol/schema.gen';

export const HELLO = 'streamcore:hello';
export const PORT = 'streamcore:port';
export const PORT_VERSION = 1;

export interface PageWelcome {
  t: 'welcome';
  module_id: string;
  view_id: string;
  granted: readonly string[];
  settings: Readonly<Record<string, unknown>>;
  state: Readonly<Record<string, StateValue>>;
  platforms: Readonly<Record<string, PlatformInfo>>;
  module_running: boolean;
}

/** From the wrapper to the page. */
export type ToPage =
  | PageWelcome
  | { t: 'events'; events: readonly Readonly<Record<string, unknown>>[] }
  | { t: 'state'; key: string; value: unknown; revision: number }
  | { t: 'message'; name: string; data: unknown }
  | { t: 'settings'; settings: Readonly<Record<string, unknown>> }
  | { t: 'grants'; granted: readonly string[] }
  | { t: 'module'; running: boolean }
  | { t: 'link'; online: boolean }
  | { t: 'refused'; refused: readonly Refusal[] }
  | { t: 'answer'; id: number; answer: CommandAnswer };

/** From the page to the wrapper. */
export type ToWrapper =
  | { t: 'subscribe'; types: readonly string[] }
  | { t: 'call'; id: number; name: string; args: Readonly<Record<string, unknown>> };

export type Dict = Record<string, unknown>;

export function isDict(value: unknown): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isText(value: unknown, longest = 200): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longest;
}

/** What a page may say; null for anything else. */
export function readFromPage(value: unknown): ToWrapper | null {
  if (!isDict(value)) return null;
  if (value.t === 'subscribe' && Array.isArray(value.types) && value.types.length <= 100) {
    const types: unknown[] = value.types;
    return types.every((type): type is string => isText(type, 64))
      ? { t: 'subscribe', types }
      : null;
  }
  if (value.t === 'call' && Number.isSafeInteger(value.id) && isText(value.name)) {
    if (!isDict(value.args) || !isPlain(value.args)) return null;
    return { t: 'call', id: Number(value.id), name: value.name, args: value.args };
  }
  return null;
}

/** A `call` that was refused as malformed still has an id to answer to. */
export function callId(value: unknown): number | null {
  return isDict(value) && value.t === 'call' && Number.isSafeInteger(value.id)
    ? Number(value.id)
    : null;
}

const DEEPEST = 24;
const LONGEST = 200_000;

/** Data that the core's strict reader takes: plain JSON, not deep, not large, sound text. */
export function isPlain(value: unknown): boolean {
  let left = LONGEST;
  const check = (item: unknown, depth: number): boolean => {
    left -= 1;
    if (left < 0 || depth > DEEPEST) return false;
    if (item === null || typeof item === 'boolean') return true;
    if (typeof item === 'number') return Number.isFinite(item);
    if (typeof item === 'string') {
      left -= item.length;
      return left >= 0 && !LONE_SURROGATE.test(item);
    }
    if (Array.isArray(item)) return item.every((inner) => check(inner, depth + 1));
    if (!isDict(item)) return false;
    const prototype: unknown = Object.getPrototypeOf(item);
    if (prototype !== Object.prototype && prototype !== null) return false;
    return Object.entries(item).every(
      ([key, inner]) => check(key, depth) && check(inner, depth + 1),
    );
  };
  return check(value, 0);
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
