/** A calm line while the core cannot be reached; short hiccups do not show at all. */
import { CloudOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import { useCore, useLinkState } from '@/lib/core';
import { useI18n } from '@/lib/i18n';

const PATIENCE_MS = 1200;

export function LinkBanner() {
  const { t } = useI18n();
  const { link } = useCore();
  const state = useLinkState();
  const [late, setLate] = useState(false);

  useEffect(() => {
    if (state === 'online') return undefined;
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [state]);

  const lost = state !== 'online' && late;
  return (
    <div role="status" className="shrink-0">
      {lost ? (
        <div className="flex animate-fade-in items-center gap-3 border-b border-line bg-surface-2 px-4 py-2">
          <CloudOff aria-hidden className="size-4 shrink-0 text-warn" />
          <p className="min-w-0 flex-1">
            <span className="font-medium">{t('link.lost.title')}</span>{' '}
            <span className="text-ink-muted">{t('link.lost.text')}</span>
          </p>
          <Button size="sm" onClick={() => link.reconnect()}>
            {t('link.retry')}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
