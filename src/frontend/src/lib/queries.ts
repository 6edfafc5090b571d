/** What the dashboard knows of the core: one key for each thing, filled by HTTP, kept fresh by pushes. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ApiClient } from './api';
import { useCore } from './core';
import type {
  AuditRow,
  ModuleRecord,
  Page,
  PlatformRecord,
  StorageStatus,
  SystemInfo,
  UsagePush,
} from './records';

export const keys = {
  modules: ['modules'],
  platforms: ['platforms'],
  storage: ['storage'],
  usage: ['usage'],
  live: ['live'],
  moduleSettings: (id: string) => ['module-settings', id],
  moduleViews: (id: string) => ['module-views', id],
  moduleLog: (id: string) => ['module-log', id],
  audit: (id: string) => ['audit', id],
} as const;

/** Walks a paged list to its end; the lists read this way are short. */
async function all<T>(api: ApiClient, path: string, signal: AbortSignal): Promise<readonly T[]> {
  const items: T[] = [];
  let next: string | null = null;
  do {
    const query: string = next === null ? '' : `?after=${encodeURIComponent(next)}`;
    const page: Page<T> = await api.get(path + query, signal);
    items.push(...page.items);
    next = page.next;
  } while (next !== null && items.length < 2000);
  return items;
}

export function modulesQuery(api: ApiClient) {
  return queryOptions({
    queryKey: keys.modules,
    queryFn: ({ signal }) => all<ModuleRecord>(api, '/api/modules', signal),
  });
}

export function platformsQuery(api: ApiClient) {
  return queryOptions({
    queryKey: keys.platforms,
    queryFn: ({ signal }) => all<PlatformRecord>(api, '/api/platforms', signal),
  });
}

export function auditQuery(api: ApiClient, moduleId: string) {
  return queryOptions({
    queryKey: keys.audit(moduleId),
    queryFn: ({ signal }) =>
      api.get<Page<AuditRow>>(
        `/api/audit?kind=denied&module_id=${encodeURIComponent(moduleId)}&limit=20`,
        signal,
      ),
    select: (page: Page<AuditRow>) =>
      page.items.filter((row) => row.kind === 'denied' && row.module_id === moduleId),
  });
}

export function useModules() {
  return useQuery(modulesQuery(useCore().api));
}

/** `everyMs` is for those who show what is not pushed. */
export function usePlatforms({ everyMs = 0 }: { everyMs?: number } = {}) {
  return useQuery({
    ...platformsQuery(useCore().api),
    refetchInterval: everyMs > 0 ? everyMs : false,
  });
}

/** Whether the core can save what happens. */
export function useStorage() {
  const { api } = useCore();
  return useQuery({
    queryKey: keys.storage,
    queryFn: async ({ signal }): Promise<StorageStatus> =>
      (await api.get<SystemInfo>('/api/system', signal)).storage,
  }).data;
}

/** CPU, memory and traffic; they are pushed once a second and never asked for. */
export function useUsage() {
  return useQuery<UsagePush | null>({
    queryKey: keys.usage,
    queryFn: () => null,
    staleTime: Infinity,
  }).data;
}
