/** Leads through a login: a code to enter elsewhere, a page to open, or access data to type in. */
import { useMutation } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { useReason } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import type { PlatformRecord } from '@/lib/records';
import { BrowserStep } from './browser-step';
import { DeviceStep } from './device-step';
import { TokenStep } from './token-step';
import { useConnect, useDisconnect } from './use-platform-action';

export function ConnectDialog({
  platform,
  onClose,
}: {
  platform: PlatformRecord;
  onClose: () => void;
}) {
  const { t } = useI18n();
  const reason = useReason();
  const { mutate: begin, ...login } = useMutation(useConnect(platform.id));
  const { mutate: cancel } = useMutation(useDisconnect(platform.id));
  const started = useRef(false);
  const flow = login.data;
  const done =
    flow?.flow === 'connected' || (platform.state === 'connected' && !platform.can_sign_in);

  useEffect(() => {
    if (started.current) return;
    started.current = true;
    begin(undefined);
  }, [begin]);

  // Closing the dialog gives the login up, unless it has succeeded meanwhile.
  const close = () => {
    if (!done && flow && flow.flow !== 'token') cancel(undefined);
    onClose();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) close();
      }}
      title={t('connect.title', { name: platform.name })}
      actions={
        done ? (
          <Button look="primary" onClick={onClose}>
            {t('common.close')}
          </Button>
        ) : (
          <Button onClick={close}>{t('common.cancel')}</Button>
        )
      }
    >
      <div className="flex flex-col gap-4">
        {login.isError ? (
          <Notice
            live
            tone="danger"
            title={t('connect.failed', { reason: reason(login.error) })}
            action={<Button onClick={() => begin(undefined)}>{t('common.retry')}</Button>}
          />
        ) : null}
        {done ? (
          <p role="status" className="flex items-center gap-3 py-4 text-base font-medium">
            <CircleCheck aria-hidden className="size-6 text-accent" />
            {t('connect.done', { name: platform.name })}
          </p>
        ) : flow?.flow === 'device' ? (
          <DeviceStep
            name={platform.name}
            flow={flow}
            waiting={login.isPending}
            onAgain={() => begin(undefined)}
          />
        ) : flow?.flow === 'browser' ? (
          <BrowserStep name={platform.name} url={flow.url} />
        ) : flow?.flow === 'token' ? (
          <TokenStep
            name={platform.name}
            flow={flow}
            busy={login.isPending}
            onSubmit={(values) => begin(values)}
          />
        ) : login.isPending ? (
          <p role="status" className="animate-late py-4 text-ink-muted">
            {t('connect.starting', { name: platform.name })}
          </p>
        ) : null}
      </div>
    </Dialog>
  );
}
