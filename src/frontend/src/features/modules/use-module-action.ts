/** What can be done to a module; the answer is patched in like a push. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCore } from '@/lib/core';
import { patch } from '@/lib/live';
import { keys } from '@/lib/queries';
import type { ModuleRecord } from '@/lib/records';

export type ModuleAction =
  | { readonly do: 'enable' | 'disable' | 'restart' }
  | { readonly do: 'approve'; readonly digest: string; readonly permissions: readonly string[] }
  | { readonly do: 'permissions'; readonly change: Readonly<Record<string, boolean>> };

export function useModuleAction(id: string) {
  const { api } = useCore();
  const cache = useQueryClient();
  const base = `/api/modules/${encodeURIComponent(id)}`;
  return useMutation({
    mutationFn: (action: ModuleAction) => {
      switch (action.do) {
        case 'approve': {
          const { digest, permissions } = action;
          return api.post<ModuleRecord>(`${base}/approve`, { digest, permissions });
        }
        case 'permissions':
          return api.patch<ModuleRecord>(`${base}/permissions`, action.change);
        default:
          return api.post<ModuleRecord>(`${base}/${action.do}`);
      }
    },
    onSuccess: (record) => {
      cache.setQueryData<readonly ModuleRecord[]>(keys.modules, (known) =>
        known ? patch(known, [record]) : known,
      );
    },
  });
}
