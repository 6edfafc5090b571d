/** The way in: the one-time code of the address is exchanged for a session, before all else. */
import { ApiClient, ApiError } from './api';
import type { SessionToken } from './records';
import { SessionStore, takeCode } from './session';

/** How the exchange ended: with a session, without one, or without an answer. */
export type Outcome = 'entered' | 'expired' | 'offline';

export interface Entry {
  readonly session: SessionStore;
  readonly api: ApiClient;
  /** Null when the address had no code. */
  readonly exchange: Promise<Outcome> | null;
}

/** Take the code out of the address and use it; a code works once, so this is called once. */
export function openEntry(): Entry {
  const code = takeCode();
  const session = new SessionStore();
  const api = new ApiClient(session);
  return { session, api, exchange: code === null ? null : exchanged(session, api, code) };
}

async function exchanged(session: SessionStore, api: ApiClient, code: string): Promise<Outcome> {
  try {
    const { token, expires_at } = await api.post<SessionToken>('/api/session', { code });
    session.set({ token, expiresAt: expires_at });
    return 'entered';
  } catch (error) {
    // An old session of this browser goes on even if the code was used before.
    return error instanceof ApiError && error.isOffline ? 'offline' : 'expired';
  }
}
