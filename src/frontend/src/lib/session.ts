/** The session of this browser: a one-time code from the address is exchanged for a token. */

const STORAGE_KEY = 'streamcore.session';

export interface Session {
  readonly token: string;
  readonly expiresAt: string | null;
}

type Listener = () => void;

/** Storage may be switched off by the browser; then the session lives as long as the page. */
function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function parse(text: string | null): Session | null {
  if (!text) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    const token = 'token' in value ? value.token : null;
    const expiresAt = 'expiresAt' in value ? value.expiresAt : null;
    if (typeof token !== 'string' || token === '') return null;
    return { token, expiresAt: typeof expiresAt === 'string' ? expiresAt : null };
  } catch {
    return null;
  }
}

function isFresh(session: Session): boolean {
  return session.expiresAt === null || Date.parse(session.expiresAt) > Date.now();
}

export class SessionStore {
  #current: Session | null = null;
  #ended = false;
  #listeners = new Set<Listener>();

  constructor() {
    const saved = parse(storage()?.getItem(STORAGE_KEY) ?? null);
    if (saved && isFresh(saved)) this.#current = saved;
  }

  get current(): Session | null {
    return this.#current;
  }

  /** There was a session in this page, and the core no longer knows it. */
  get hasEnded(): boolean {
    return this.#ended;
  }

  set(session: Session): void {
    this.#current = session;
    storage()?.setItem(STORAGE_KEY, JSON.stringify(session));
    this.#tell();
  }

  clear(): void {
    if (this.#current === null) return;
    this.#current = null;
    this.#ended = true;
    storage()?.removeItem(STORAGE_KEY);
    this.#tell();
  }

  subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Take the code out of the address at once, so that neither history nor a screenshot keeps it. */
export function takeCode(): string | null {
  const code = new URLSearchParams(window.location.hash.slice(1)).get('code');
  if (code === null) return null;
  window.history.replaceState(null, '', window.location.pathname + window.location.search);
  return code === '' ? null : code;
}
