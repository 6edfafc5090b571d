/** A code to enter on the platform's page, with the time it is still good for. */
import { ExternalLink } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { clockText, useNow } from '@/lib/clock';
import { useI18n } from '@/lib/i18n';
import type { ConnectFlow } from '@/lib/records';
import { OpenLink, safeLink } from './open-link';

interface DeviceStepProps {
  name: string;
  flow: Extract<ConnectFlow, { flow: 'device' }>;
  waiting: boolean;
  onAgain: () => void;
}

export function DeviceStep({ name, flow, waiting, onAgain }: DeviceStepProps) {
  const { t } = useI18n();
  const now = useNow();
  const left = flow.expires_at ? Date.parse(flow.expires_at) - now : null;
  const expired = left !== null && left <= 0;
  const link = safeLink(flow.verification_uri);

  return (
    <>
      <p className="text-ink-muted">{t('connect.code.lead', { name })}</p>
      <div className="flex flex-col items-center gap-3 rounded-lg bg-surface-2 px-4 py-6 ring-1 ring-line ring-inset">
        <p className="sr-only">{t('connect.code.label')}</p>
        <output
          className={
            expired
              ? 'font-mono text-4xl font-semibold tracking-[0.12em] text-ink-faint line-through select-all'
              : 'font-mono text-4xl font-semibold tracking-[0.12em] select-all'
          }
        >
          {flow.user_code}
        </output>
        {expired ? (
          <Button look="primary" disabled={waiting} onClick={onAgain}>
            {t('connect.code.again')}
          </Button>
        ) : (
          <CopyButton look="ghost" size="sm" text={flow.user_code} label={t('connect.code.copy')} />
        )}
      </div>
      {link && !expired ? (
        <OpenLink url={link}>
          <ExternalLink aria-hidden className="size-4" />
          {t('connect.code.open', { host: link.host + link.pathname.replace(/\/$/, '') })}
        </OpenLink>
      ) : null}
      <p className="text-center text-ink-muted tnum" role={expired ? 'alert' : undefined}>
        {expired ? (
          t('connect.code.expired')
        ) : (
          <>
            {t('connect.code.waiting')}
            {left === null ? null : (
              <>
                {' '}
                <span className="whitespace-nowrap text-ink-faint">
                  {t('connect.code.left', { time: clockText(left) })}
                </span>
              </>
            )}
          </>
        )}
      </p>
    </>
  );
}
