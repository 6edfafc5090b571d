/** A code to confirm on the platform's page: to open, to scan or to type, while it is good. */
import { ExternalLink } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { cx } from '@/components/ui/cx';
import { QrCode } from '@/components/ui/qr-code';
import { clockText, useNow } from '@/lib/clock';
import { useI18n } from '@/lib/i18n';
import type { ConnectFlow } from '@/lib/records';
import { OpenLink, safeLink } from './open-link';

interface DeviceStepProps {
  name: string;
  flow: Extract<ConnectFlow, { flow: 'device' }>;
  isBot: boolean;
  /** The platform has ended this login: its code is good for nothing now. */
  hasEnded: boolean;
  /** Another code is being asked for. */
  isWaiting: boolean;
  onAgain: () => void;
}

export function DeviceStep({ name, flow, isBot, hasEnded, isWaiting, onAgain }: DeviceStepProps) {
  const { t } = useI18n();
  const left = Date.parse(flow.expires_at) - useNow();
  const isExpired = left <= 0;
  const isSpent = isExpired || hasEnded;
  const link = safeLink(flow.verification_uri);

  return (
    <>
      {isSpent ? null : (
        <p className="text-ink-muted">
          {isBot ? t('connect.bot.lead', { name }) : t('connect.code.lead', { name })}
        </p>
      )}
      {link && !isSpent ? (
        <div className="flex flex-col gap-2">
          <OpenLink url={link}>
            <ExternalLink aria-hidden className="size-4" />
            {t('connect.code.open', { host: link.host + link.pathname.replace(/\/$/, '') })}
          </OpenLink>
          {isBot ? <CopyButton text={link.href} label={t('connect.link.copy')} /> : null}
        </div>
      ) : null}
      <div className="flex flex-wrap items-center justify-center gap-x-5 gap-y-4 rounded-lg bg-surface-2 p-4 ring-1 ring-line ring-inset">
        <div className="flex flex-col items-center gap-2">
          <p className={isSpent ? 'sr-only' : 'text-xs text-ink-faint'}>
            {t('connect.code.label')}
          </p>
          <output
            className={cx(
              'font-mono text-4xl font-semibold tracking-[0.04em] select-all',
              isSpent && 'text-ink-faint line-through',
            )}
          >
            {flow.user_code}
          </output>
          {isSpent ? (
            <Button look="primary" disabled={isWaiting} onClick={onAgain}>
              {t('connect.code.again')}
            </Button>
          ) : (
            <CopyButton
              look="ghost"
              size="sm"
              text={flow.user_code}
              label={t('connect.code.copy')}
            />
          )}
        </div>
        {link && !isSpent ? (
          <figure className="flex flex-col items-center gap-1.5">
            <QrCode
              text={flow.verification_uri}
              label={t('connect.qr', { host: link.host })}
              className="size-32"
            />
            <figcaption className="text-xs text-ink-faint">{t('connect.qr.hint')}</figcaption>
          </figure>
        ) : null}
      </div>
      {hasEnded ? null : (
        <p className="text-center text-ink-muted tnum" role={isExpired ? 'alert' : undefined}>
          {isExpired ? (
            t('connect.code.expired')
          ) : (
            <>
              {t('connect.code.waiting')}{' '}
              <span className="whitespace-nowrap text-ink-faint">
                {t('connect.code.left', { time: clockText(left) })}
              </span>
            </>
          )}
        </p>
      )}
    </>
  );
}
