/** Signing in and out; the answer is patched in like a push. */
import { useQueryClient, type UseMutationOptions } from '@tanstack/react-query';
import { useCore } from '@/lib/core';
import { patch } from '@/lib/live';
import { keys } from '@/lib/queries';
import type { ConnectFlow, PlatformRecord } from '@/lib/records';

export function useConnect(
  id: string,
): UseMutationOptions<ConnectFlow, Error, Readonly<Record<string, string>> | undefined> {
  const { api } = useCore();
  const path = `/api/platforms/${encodeURIComponent(id)}/connect`;
  return {
    mutationFn: (values) => api.post<ConnectFlow>(path, values === undefined ? {} : { values }),
  };
}

export function useDisconnect(
  id: string,
): UseMutationOptions<PlatformRecord | undefined, Error, undefined> {
  const { api } = useCore();
  const cache = useQueryClient();
  const path = `/api/platforms/${encodeURIComponent(id)}/disconnect`;
  return {
    mutationFn: () => api.post<PlatformRecord | undefined>(path),
    onSuccess: (record) => {
      if (!record) return;
      cache.setQueryData<readonly PlatformRecord[]>(keys.platforms, (known) =>
        known ? patch(known, [record]) : known,
      );
    },
  };
}
