/** Signing in and out, and switching options; the answer is patched in like a push. */
import { useQueryClient, type UseMutationOptions } from '@tanstack/react-query';
import { useCore } from '@/lib/core';
import { patch } from '@/lib/live';
import { keys } from '@/lib/queries';
import type { ConnectFlow, PlatformRecord } from '@/lib/records';
import type { Permission } from '@/protocol/schema.gen';

/** Whose login is meant: the streamer's own, or that of a second account that speaks. */
export type AccountRole = 'streamer' | 'bot';

export interface ConnectBody {
  readonly values?: Readonly<Record<string, string>>;
  readonly permissions?: readonly Permission[];
  readonly account?: AccountRole;
}

export function useConnect(id: string): UseMutationOptions<ConnectFlow, Error, ConnectBody> {
  const { api } = useCore();
  return { mutationFn: (body) => api.post<ConnectFlow>(pathOf(id, 'connect'), body) };
}

/** Give a login up that waits for its confirmation; nothing else changes. */
export function useCancel(
  id: string,
): UseMutationOptions<PlatformRecord | undefined, Error, AccountRole> {
  const { api } = useCore();
  return {
    mutationFn: (account) => api.post(pathOf(id, 'cancel'), { account }),
    onSuccess: usePatch(),
  };
}

export function useDisconnect(
  id: string,
): UseMutationOptions<PlatformRecord | undefined, Error, AccountRole> {
  const { api } = useCore();
  return {
    mutationFn: (account) => api.post(pathOf(id, 'disconnect'), { account }),
    onSuccess: usePatch(),
  };
}

export function useOptions(
  id: string,
): UseMutationOptions<PlatformRecord | undefined, Error, Readonly<Record<string, boolean>>> {
  const { api } = useCore();
  return {
    mutationFn: (change) => api.patch(pathOf(id, 'options'), change),
    onSuccess: usePatch(),
  };
}

function pathOf(id: string, action: string): string {
  return `/api/platforms/${encodeURIComponent(id)}/${action}`;
}

function usePatch(): (record: PlatformRecord | undefined) => void {
  const cache = useQueryClient();
  return (record) => {
    if (!record) return;
    cache.setQueryData<readonly PlatformRecord[]>(keys.platforms, (known) =>
      known ? patch(known, [record]) : known,
    );
  };
}
