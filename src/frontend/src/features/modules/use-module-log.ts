/** A module's log: pages of the past by HTTP, the present by push. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { isRecord } from '@/lib/api';
import { useCore, useLinkState } from '@/lib/core';
import { keys } from '@/lib/queries';
import type { LogLine, Page } from '@/lib/records';

/** More lines than anybody reads in a page; the files keep the rest. */
const MOST_LIVE = 2000;

export interface ModuleLog {
  /** Oldest first. */
  readonly lines: readonly LogLine[];
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly retry: () => void;
  /** Null when there is nothing older. */
  readonly older: (() => void) | null;
}

export function useModuleLog(moduleId: string): ModuleLog {
  const { api, link } = useCore();
  const online = useLinkState() === 'online';
  const [live, setLive] = useState<readonly LogLine[]>([]);
  const path = `/api/modules/${encodeURIComponent(moduleId)}/logs`;

  const query = useInfiniteQuery({
    queryKey: keys.moduleLog(moduleId),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<LogLine>>(
        `${path}?limit=200${pageParam === null ? '' : `&after=${encodeURIComponent(pageParam)}`}`,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
    gcTime: 0,
  });

  useEffect(() => {
    if (!online) return undefined;
    const waiting: LogLine[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = link.on('log_line', (payload) => {
      const line = readLine(payload, moduleId);
      if (!line) return;
      waiting.push(line);
      timer ??= setTimeout(() => {
        timer = undefined;
        const batch = waiting.splice(0);
        setLive((lines) => [...lines, ...batch].slice(-MOST_LIVE));
      }, 100);
    });
    link.emit('open_log', { module_id: moduleId });
    return () => {
      stop();
      clearTimeout(timer);
      link.emit('close_log', { module_id: moduleId });
    };
  }, [link, moduleId, online]);

  const past = (query.data?.pages ?? []).flatMap((page) => page.items).reverse();
  const { hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  return {
    lines: joined(past, live),
    isLoading: query.isPending,
    error: query.data ? null : query.error,
    retry: () => void query.refetch(),
    older: hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : null,
  };
}

/** Lines that were both pushed and read from the file appear once. */
export function joined(past: readonly LogLine[], live: readonly LogLine[]): readonly LogLine[] {
  const last = past.at(-1);
  if (!last) return live;
  const recent = new Set(past.slice(-live.length - 1).map(identity));
  return [...past, ...live.filter((line) => line.at >= last.at && !recent.has(identity(line)))];
}

function identity(line: LogLine): string {
  return `${line.at}\0${line.stream}\0${line.text}`;
}

function readLine(payload: unknown, moduleId: string): LogLine | null {
  if (!isRecord(payload) || payload.module_id !== moduleId || !isRecord(payload.line)) return null;
  const { at, stream, level, text } = payload.line;
  if (typeof at !== 'string' || typeof text !== 'string') return null;
  return {
    at,
    text,
    level: typeof level === 'string' ? level : 'info',
    stream: stream === 'stdout' || stream === 'stderr' ? stream : 'log',
  };
}
