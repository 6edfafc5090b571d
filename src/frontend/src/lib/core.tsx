/** The dashboard's connection to the core: one session, one API client, one socket, for all. */
import { createContext, useContext, useSyncExternalStore, type ReactNode } from 'react';
import type { ApiClient } from './api';
import type { SessionStore } from './session';
import type { CoreLink, LinkState } from './socket';

export interface Core {
  readonly session: SessionStore;
  readonly api: ApiClient;
  readonly link: CoreLink;
}

const Context = createContext<Core | null>(null);

export function CoreProvider({ core, children }: { core: Core; children: ReactNode }) {
  return <Context.Provider value={core}>{children}</Context.Provider>;
}

export function useCore(): Core {
  const core = useContext(Context);
  if (!core) throw new Error('useCore needs a CoreProvider above it');
  return core;
}

export function useLinkState(): LinkState {
  const { link } = useCore();
  return useSyncExternalStore(link.subscribe, () => link.state);
}
