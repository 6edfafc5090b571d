/** Leads through a login: a code to confirm elsewhere, a page to open, or access data to type in. */
import { CircleCheck } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { useReason } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { localText } from '@/lib/module-text';
import type { PlatformRecord } from '@/lib/records';
import { AskedPermissions } from './asked-permissions';
import { BrowserStep } from './browser-step';
import { DeviceStep } from './device-step';
import { TokenStep } from './token-step';
import { useLogin, type Login, type LoginWish } from './use-login';

export function ConnectDialog({
  platform,
  wish,
  onClose,
}: {
  platform: PlatformRecord;
  wish: LoginWish;
  onClose: () => void;
}) {
  const { t } = useI18n();
  const login = useLogin(platform, wish);
  const { name } = platform;
  const isBot = wish.account === 'bot';

  const close = () => {
    login.cancel();
    onClose();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) close();
      }}
      title={t(titleOf(wish), { name })}
      actions={
        login.isDone ? (
          <Button look="primary" onClick={onClose}>
            {t('common.close')}
          </Button>
        ) : (
          <Button onClick={close}>{t('common.cancel')}</Button>
        )
      }
    >
      <div className="flex flex-col gap-4">
        <Trouble login={login} />
        {login.isDone ? (
          <p role="status" className="flex items-center gap-3 py-4 text-base font-medium">
            <CircleCheck aria-hidden className="size-6 shrink-0 text-accent" />
            {t(doneText(wish), { name })}
          </p>
        ) : (
          <>
            <Step name={name} login={login} isBot={isBot} />
            {login.flow?.flow === 'device' && !isBot ? (
              <AskedPermissions
                platform={platform}
                more={wish.permissions}
                isBusy={login.isStarting}
                onChange={login.beginAnew}
              />
            ) : null}
          </>
        )}
      </div>
    </Dialog>
  );
}

/** What went wrong, in the streamer's words, with the way on. */
function Trouble({ login }: { login: Login }) {
  const { t, locale } = useI18n();
  const reason = useReason();
  if (login.error) {
    return (
      <Notice
        live
        tone="danger"
        title={t('connect.failed', { reason: reason(login.error) })}
        action={<Button onClick={() => login.begin()}>{t('common.retry')}</Button>}
      />
    );
  }
  if (!login.failure || login.isDone) return null;
  return (
    <Notice live tone="danger" title={localText(login.failure, locale) || t('connect.ended')} />
  );
}

function Step({ name, login, isBot }: { name: string; login: Login; isBot: boolean }) {
  const { t } = useI18n();
  const { flow } = login;
  switch (flow?.flow) {
    case 'device':
      return (
        <DeviceStep
          name={name}
          flow={flow}
          isBot={isBot}
          hasEnded={login.failure !== null}
          isWaiting={login.isStarting}
          onAgain={() => login.beginAnew()}
        />
      );
    case 'browser':
      return <BrowserStep name={name} url={flow.url} />;
    case 'token':
      return <TokenStep name={name} flow={flow} busy={login.isStarting} onSubmit={login.begin} />;
    default:
      return login.isStarting ? (
        <p role="status" className="animate-late py-4 text-ink-muted">
          {t('connect.starting', { name })}
        </p>
      ) : null;
  }
}

function titleOf({ account, permissions }: LoginWish) {
  if (account === 'bot') return 'connect.title.bot' as const;
  return permissions ? ('connect.title.more' as const) : ('connect.title' as const);
}

function doneText({ account, permissions }: LoginWish) {
  if (account === 'bot') return 'connect.done.bot' as const;
  return permissions ? ('connect.done.more' as const) : ('connect.done' as const);
}
