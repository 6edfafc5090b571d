/** Builds the one session, API client and socket of this page. */
import { ApiClient } from '@/lib/api';
import type { Core } from '@/lib/core';
import { SessionStore } from '@/lib/session';
import { CoreLink } from '@/lib/socket';

export function createCore(): Core {
  const session = new SessionStore();
  return { session, api: new ApiClient(session), link: new CoreLink(session) };
}
