/** One platform: how it stands, what it may do, whose accounts, and connect or disconnect. */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { PlatformMark } from '@/components/platform/mark';
import { PLATFORM_TONES } from '@/components/platform/tones';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Dot } from '@/components/ui/dot';
import { Notice } from '@/components/ui/notice';
import { useI18n } from '@/lib/i18n';
import { localText } from '@/lib/module-text';
import type { PlatformRecord } from '@/lib/records';
import { hasOwnAccount, isLinked } from '@/lib/rights';
import { AccountName } from './account-name';
import { BotAccount } from './bot-account';
import { ConnectDialog } from './connect-dialog';
import { DisconnectDialog } from './disconnect-dialog';
import { MissingRights } from './missing-rights';
import { PlatformFacts } from './platform-facts';
import { PlatformOptions } from './platform-options';
import { Rights } from './rights';
import { isSignedOut, withMore } from './standing';
import type { LoginWish } from './use-login';
import { useCancel, type AccountRole } from './use-platform-action';

export function PlatformCard({ platform }: { platform: PlatformRecord }) {
  const { t } = useI18n();
  const [login, setLogin] = useState<LoginWish | null>(null);
  const [leaving, setLeaving] = useState<AccountRole | null>(null);
  const { mutate: cancel, isPending: isCancelling } = useMutation(useCancel(platform.id));
  const { state } = platform;
  const tone = PLATFORM_TONES[state];
  const isOwn = hasOwnAccount(platform);
  const isWaiting = state === 'connecting' && platform.account === null && !platform.can_sign_in;

  return (
    <article className="flex h-full flex-col gap-4 rounded-lg bg-surface-1 p-4 ring-1 ring-line">
      <div className="flex items-center gap-3">
        <PlatformMark id={platform.id} decorative className="size-10" />
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-base font-semibold foreign">{platform.name}</h2>
          <AccountName account={platform.account} />
        </div>
        <Badge tone={tone} className="gap-1.5 self-start">
          <Dot tone={tone} className="size-1.5" />
          {t(`platform.state.${state}`)}
        </Badge>
      </div>
      <Reason platform={platform} />
      <MissingRights
        platform={platform}
        onAllow={(more) => setLogin({ account: 'streamer', permissions: withMore(platform, more) })}
      />
      {isLinked(state) ? <PlatformFacts platform={platform} /> : null}
      {isOwn ? (
        <div className="divide-y divide-line border-y border-line empty:hidden">
          <Rights
            platform={platform}
            onAllow={(permission) =>
              setLogin({ account: 'streamer', permissions: withMore(platform, [permission]) })
            }
          />
          <BotAccount
            platform={platform}
            onConnect={() => setLogin({ account: 'bot', permissions: null })}
            onDisconnect={() => setLeaving('bot')}
          />
          <PlatformOptions platform={platform} />
        </div>
      ) : null}
      <div className="mt-auto flex flex-wrap gap-2">
        {isSignedOut(state) || platform.can_sign_in || isWaiting ? (
          <Button
            look="primary"
            onClick={() => setLogin({ account: 'streamer', permissions: null })}
          >
            {t(connectText(state))}
          </Button>
        ) : null}
        {isWaiting ? (
          <Button disabled={isCancelling} onClick={() => cancel('streamer')}>
            {t('common.cancel')}
          </Button>
        ) : state === 'disconnected' ? null : (
          <Button onClick={() => setLeaving('streamer')}>{t('platforms.disconnect')}</Button>
        )}
      </div>
      {login ? (
        <ConnectDialog platform={platform} wish={login} onClose={() => setLogin(null)} />
      ) : null}
      {leaving ? (
        <DisconnectDialog platform={platform} account={leaving} onClose={() => setLeaving(null)} />
      ) : null}
    </article>
  );
}

function Reason({ platform }: { platform: PlatformRecord }) {
  const { t, locale } = useI18n();
  const reason = localText(platform.reasons, locale);
  switch (platform.state) {
    case 'auth_required':
      return <Notice tone="danger" title={reason || t('platforms.authRequired')} />;
    case 'degraded':
      return reason ? <Notice tone="warn" title={reason} /> : null;
    case 'connected':
      return reason ? <Notice title={reason} /> : null;
    default:
      return reason ? <p className="text-ink-muted foreign">{reason}</p> : null;
  }
}

/** While it is connected only the demo stream can be signed out of the way. */
function connectText(state: PlatformRecord['state']) {
  if (state === 'auth_required') return 'platforms.reconnect' as const;
  return state === 'disconnected' || state === 'connecting'
    ? ('platforms.connect' as const)
    : ('platforms.connectOwn' as const);
}
