/** Joins the session and API client of the entry with the one socket of this page. */
import type { Core } from '@/lib/core';
import type { Entry } from '@/lib/entry';
import { CoreLink } from '@/lib/socket';

export function createCore({ session, api }: Entry): Core {
  return { session, api, link: new CoreLink(session) };
}
