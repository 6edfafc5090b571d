/** One platform: how it stands, whose account, and connect or disconnect. */
import { useState } from 'react';
import { ForeignImage } from '@/components/foreign/image';
import { shortened } from '@/lib/names';
import { PlatformMark } from '@/components/platform/mark';
import { PLATFORM_TONES } from '@/components/platform/tones';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Dot } from '@/components/ui/dot';
import { Notice } from '@/components/ui/notice';
import { useI18n } from '@/lib/i18n';
import type { PlatformRecord } from '@/lib/records';
import { ConnectDialog } from './connect-dialog';
import { DisconnectDialog } from './disconnect-dialog';

export function PlatformCard({ platform }: { platform: PlatformRecord }) {
  const { t } = useI18n();
  const [dialog, setDialog] = useState<'connect' | 'disconnect' | null>(null);
  const close = () => setDialog(null);
  const { state } = platform;
  const signedOut = state === 'disconnected' || state === 'auth_required';
  const tone = PLATFORM_TONES[state];

  return (
    <article className="flex h-full flex-col gap-4 rounded-lg bg-surface-1 p-4 ring-1 ring-line">
      <div className="flex items-center gap-3">
        <PlatformMark id={platform.id} decorative className="size-10" />
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-base font-semibold foreign">{platform.name}</h2>
          <Account platform={platform} />
        </div>
        <Badge tone={tone} className="gap-1.5 self-start">
          <Dot tone={tone} className="size-1.5" />
          {t(`platform.state.${state}`)}
        </Badge>
      </div>
      {state === 'auth_required' ? (
        <Notice tone="danger" title={t('platforms.authRequired')}>
          {platform.reason ? <p className="foreign">{platform.reason}</p> : null}
        </Notice>
      ) : state === 'degraded' && platform.reason ? (
        <Notice tone="warn" title={platform.reason} />
      ) : platform.reason && state !== 'connected' ? (
        <p className="text-ink-muted foreign">{platform.reason}</p>
      ) : null}
      {signedOut ? null : <Facts platform={platform} />}
      <div className="mt-auto flex flex-wrap gap-2">
        {signedOut || platform.can_sign_in ? (
          <Button look="primary" onClick={() => setDialog('connect')}>
            {t(connectText(state))}
          </Button>
        ) : null}
        {state === 'connecting' && platform.account === null && !platform.can_sign_in ? (
          <Button look="primary" onClick={() => setDialog('connect')}>
            {t('platforms.connect')}
          </Button>
        ) : null}
        {state === 'disconnected' ? null : (
          <Button onClick={() => setDialog('disconnect')}>{t('platforms.disconnect')}</Button>
        )}
      </div>
      {dialog === 'connect' ? <ConnectDialog platform={platform} onClose={close} /> : null}
      {dialog === 'disconnect' ? <DisconnectDialog platform={platform} onClose={close} /> : null}
    </article>
  );
}

function Account({ platform }: { platform: PlatformRecord }) {
  const { t } = useI18n();
  const { account } = platform;
  if (!account) return <p className="text-ink-muted">{t('platforms.noAccount')}</p>;
  return (
    <p className="flex items-center gap-1.5 text-ink-muted">
      <ForeignImage
        url={account.avatar_url}
        alt=""
        className="size-4 rounded-full"
        fallback={null}
      />
      <span className="truncate foreign">
        {t('platforms.account', { name: shortened(account.name) })}
      </span>
    </p>
  );
}

function Facts({ platform }: { platform: PlatformRecord }) {
  const { t, time, number } = useI18n();
  const quota = platform.quota;
  const used = typeof quota?.used === 'number' ? quota.used : null;
  const limit = typeof quota?.limit === 'number' ? quota.limit : null;
  return (
    <ul className="flex flex-col gap-1 text-ink-muted tnum">
      <li>
        {platform.last_event_at
          ? t('platforms.lastEvent', { time: time(platform.last_event_at) })
          : t('platforms.lastEvent.never')}
      </li>
      <li>{t('platforms.can', { count: platform.capabilities.length })}</li>
      {used !== null && limit !== null ? (
        <li>{t('platforms.quota', { used: number(used), limit: number(limit) })}</li>
      ) : null}
      {platform.scopes.length > 0 ? (
        <li>
          <details>
            <summary className="w-fit cursor-pointer rounded-sm hover:text-ink">
              {t('platforms.scopes')}
            </summary>
            <ul className="mt-1.5 flex flex-wrap gap-1.5">
              {platform.scopes.map((scope) => (
                <li key={scope} className="rounded-sm bg-surface-3 px-1.5 py-0.5 font-mono text-xs">
                  {scope}
                </li>
              ))}
            </ul>
          </details>
        </li>
      ) : null}
    </ul>
  );
}

/** While it is connected only the demo stream can be signed out of the way. */
function connectText(state: PlatformRecord['state']) {
  if (state === 'auth_required') return 'platforms.reconnect' as const;
  return state === 'disconnected'
    ? ('platforms.connect' as const)
    : ('platforms.connectOwn' as const);
}
