/** Lets the dashboard appear only with a session, and follows the core while there is one. */
import { useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useCore } from '@/lib/core';
import type { Outcome } from '@/lib/entry';
import { startSync } from '@/lib/live';
import { GatePage } from './gate-page';

interface SessionGateProps {
  readonly exchange: Promise<Outcome> | null;
  readonly children: ReactNode;
}

export function SessionGate({ exchange, children }: SessionGateProps) {
  const core = useCore();
  const cache = useQueryClient();
  const session = useSyncExternalStore(core.session.subscribe, () => core.session.current);
  const [outcome, setOutcome] = useState<Outcome | null>(null);

  useEffect(() => {
    void exchange?.then(setOutcome);
  }, [exchange]);

  const token = session?.token;
  const waiting = exchange !== null && outcome === null;
  useEffect(() => {
    if (token === undefined || waiting) return undefined;
    const stop = startSync(core, cache);
    core.link.open();
    return () => {
      stop();
      core.link.close();
    };
  }, [token, waiting, core, cache]);

  // The connection is made before the pages are drawn: both take their time, and together less.
  const isConnecting = session !== null && !waiting;
  const isIn = useDeferredValue(isConnecting, false);

  if (waiting || isIn !== isConnecting) return <GatePage reason="checking" />;
  if (isIn) return children;
  if (outcome === 'expired' || outcome === 'offline') return <GatePage reason={outcome} />;
  return <GatePage reason={core.session.hasEnded ? 'expired' : 'none'} />;
}
