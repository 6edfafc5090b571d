/** The whole dashboard: providers, then the session gate, then the shell with its pages. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { Router } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { TooltipProvider } from '@/components/ui/tooltip';
import { ApiError } from '@/lib/api';
import { CoreProvider, type Core } from '@/lib/core';
import type { Outcome } from '@/lib/entry';
import { I18nProvider } from '@/lib/i18n';
import { CrashBoundary } from './crash-boundary';
import { SessionGate } from './session-gate';
import { Shell } from './shell';

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Pushes keep everything fresh; only a new connection makes us look again.
        staleTime: Infinity,
        gcTime: Infinity,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
        retry: (count, error) => error instanceof ApiError && error.isOffline && count < 2,
        retryDelay: 500,
      },
      mutations: { networkMode: 'always' },
    },
  });
}

interface AppProps {
  readonly core: Core;
  readonly exchange: Promise<Outcome> | null;
}

export function App({ core, exchange }: AppProps) {
  const [queryClient] = useState(createQueryClient);
  return (
    <I18nProvider>
      <CrashBoundary>
        <CoreProvider core={core}>
          <QueryClientProvider client={queryClient}>
            <TooltipProvider delayDuration={350} skipDelayDuration={150}>
              <Router hook={useHashLocation}>
                <SessionGate exchange={exchange}>
                  <Shell />
                </SessionGate>
              </Router>
            </TooltipProvider>
          </QueryClientProvider>
        </CoreProvider>
      </CrashBoundary>
    </I18nProvider>
  );
}
