/** Keeps the query cache equal to the core: a full look at each connect, then only pushes. */
import type { QueryClient } from '@tanstack/react-query';
import type { AnyEvent } from '@/protocol/schema.gen';
import { isRecord } from '../api';
import type { Core } from '../core';
import { keys } from '../queries';
import type { AuditRow, ModuleRecord, Page, PlatformRecord, RemovedRecord } from '../records';
import {
  ACTIVITY_TYPES,
  CHAT_TYPES,
  EMPTY_LIVE,
  fold,
  merge,
  MODERATION_TYPES,
  type LiveState,
} from './fold';
import { EventInbox, isEvent } from './inbox';

/** Start following the core; the answer ends it. */
export function startSync({ api, link }: Core, cache: QueryClient): () => void {
  const inbox = new EventInbox((events) => {
    cache.setQueryData<LiveState>(keys.live, (state) => fold(state ?? EMPTY_LIVE, events));
  });
  let looking: AbortController | null = null;

  const look = async () => {
    looking?.abort();
    const controller = new AbortController();
    looking = controller;
    void cache.invalidateQueries({ predicate: ({ queryKey }) => !PUSHED.has(queryKey[0]) });
    try {
      const pages = await Promise.all(
        HISTORY.map((query) => api.get<Page<AnyEvent>>(`/api/events?${query}`, controller.signal)),
      );
      inbox.flush();
      const history = pages.flatMap((page) => page.items.filter(isEvent));
      cache.setQueryData<LiveState>(keys.live, (state) => merge(state ?? EMPTY_LIVE, history));
    } catch {
      // The next connect looks again; until then the pushes alone fill the page.
      cache.setQueryData<LiveState>(keys.live, (state) => state ?? EMPTY_LIVE);
    }
  };

  const stops = [
    link.on('welcome', () => void look()),
    link.on('events', (payload) => inbox.push(payload)),
    link.on('modules', (payload) => {
      const changes = records(payload) as readonly (ModuleRecord | RemovedRecord)[];
      cache.setQueryData<readonly ModuleRecord[]>(keys.modules, (known) =>
        known ? patch(known, changes) : known,
      );
    }),
    link.on('platforms', (payload) => {
      const changes = records(payload) as readonly PlatformRecord[];
      cache.setQueryData<readonly PlatformRecord[]>(keys.platforms, (known) =>
        known ? patch(known, changes) : known,
      );
    }),
    link.on('storage', (payload) => {
      if (isRecord(payload) && typeof payload.state === 'string') {
        cache.setQueryData(keys.storage, payload);
      }
    }),
    link.on('usage', (payload) => {
      if (isRecord(payload) && isRecord(payload.modules)) {
        cache.setQueryData(keys.usage, payload);
      }
    }),
    link.on('audit', (payload) => {
      for (const row of records(payload) as readonly AuditRow[]) {
        if (row.kind !== 'denied' || row.module_id === null) continue;
        cache.setQueryData<Page<AuditRow>>(keys.audit(row.module_id), (page) =>
          page ? { ...page, items: withRow(page.items, row) } : page,
        );
      }
    }),
    link.on('gap', (payload) => {
      const skipped =
        isRecord(payload) && typeof payload.skipped === 'number' ? payload.skipped : 0;
      cache.setQueryData<LiveState>(keys.live, (state) =>
        state ? { ...state, skipped: state.skipped + skipped } : state,
      );
    }),
  ];
  return () => {
    looking?.abort();
    inbox.close();
    for (const stop of stops) stop();
  };
}

/** What only ever arrives by push. */
const PUSHED: ReadonlySet<unknown> = new Set([keys.live[0], keys.usage[0]]);

const types = (names: readonly string[]): string => names.map((name) => `type=${name}`).join('&');

/** Chat, activity, moderation, and the last start or end of the stream, which tells the uptime. */
const HISTORY = [
  `limit=200&${types(CHAT_TYPES)}`,
  `limit=100&${types(ACTIVITY_TYPES)}`,
  `limit=50&${types(MODERATION_TYPES)}`,
  `limit=10&${types(['stream_online', 'stream_offline'])}`,
];

/** Replace what changed, keep the order, append what is new, drop what was removed. */
export function patch<T extends { readonly id: string }>(
  known: readonly T[],
  changes: readonly (T | RemovedRecord)[],
): readonly T[] {
  let next = [...known];
  for (const change of changes) {
    if ('removed' in change) {
      next = next.filter((record) => record.id !== change.id);
      continue;
    }
    const index = next.findIndex((record) => record.id === change.id);
    if (index < 0) next.push(change);
    else next[index] = change;
  }
  return next;
}

function withRow(rows: readonly AuditRow[], row: AuditRow): readonly AuditRow[] {
  return [row, ...rows.filter((known) => known.id !== row.id)].slice(0, 50);
}

/**
 * Pushed lists of records; anything that is not a record with an id is left out. The core is ours:
 * what the records hold is told by the types that its answers have too.
 */
function records(payload: unknown): readonly unknown[] {
  const items: readonly unknown[] = Array.isArray(payload) ? payload : [payload];
  return items.filter((item) => isRecord(item) && typeof item.id === 'string');
}
