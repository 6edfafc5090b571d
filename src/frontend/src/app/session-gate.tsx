/** Lets the dashboard appear only with a session; exchanges the one-time code for it. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { ApiError } from '@/lib/api';
import { useCore } from '@/lib/core';
import { startSync } from '@/lib/live';
import type { SessionToken } from '@/lib/records';
import { GatePage, type GateReason } from './gate-page';

export function SessionGate({ code, children }: { code: string | null; children: ReactNode }) {
  const core = useCore();
  const cache = useQueryClient();
  const session = useSyncExternalStore(core.session.subscribe, () => core.session.current);
  const [exchange, setExchange] = useState<'none' | 'running' | GateReason>(
    code === null ? 'none' : 'running',
  );
  const asked = useRef(false);

  useEffect(() => {
    // A code works once: ask once, even when React mounts twice.
    if (code === null || asked.current) return;
    asked.current = true;
    core.api.post<SessionToken>('/api/session', { code }).then(
      ({ token, expires_at }) => {
        core.session.set({ token, expiresAt: expires_at });
        setExchange('none');
      },
      (error: unknown) => {
        // An old session of this browser goes on even if the code was used before.
        const offline = error instanceof ApiError && error.isOffline;
        setExchange(offline ? 'offline' : 'expired');
      },
    );
  }, [code, core]);

  const token = session?.token;
  const waiting = exchange === 'running';
  useEffect(() => {
    if (token === undefined || waiting) return undefined;
    const stop = startSync(core, cache);
    core.link.open();
    return () => {
      stop();
      core.link.close();
    };
  }, [token, waiting, core, cache]);

  if (waiting) return <GatePage reason="checking" />;
  if (session) return children;
  if (exchange !== 'none') return <GatePage reason={exchange} />;
  return <GatePage reason={core.session.hasEnded ? 'expired' : 'none'} />;
}
