/** Asks before an account is disconnected. */
import { useMutation } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { useReason } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import type { PlatformRecord } from '@/lib/records';
import { useDisconnect, type AccountRole } from './use-platform-action';

export function DisconnectDialog({
  platform,
  account,
  onClose,
}: {
  platform: PlatformRecord;
  account: AccountRole;
  onClose: () => void;
}) {
  const { t } = useI18n();
  const reason = useReason();
  const disconnect = useMutation(useDisconnect(platform.id));
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t(account === 'bot' ? 'bot.disconnect.title' : 'platforms.disconnect.title', {
        name: platform.name,
      })}
      description={t(account === 'bot' ? 'bot.disconnect.text' : 'platforms.disconnect.text', {
        name: platform.name,
      })}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            look="primary"
            disabled={disconnect.isPending}
            onClick={() => disconnect.mutate(account, { onSuccess: onClose })}
          >
            {t('platforms.disconnect')}
          </Button>
        </>
      }
    >
      {disconnect.isError ? (
        <Notice
          live
          tone="danger"
          title={t('platforms.failed', { reason: reason(disconnect.error) })}
        />
      ) : null}
    </Dialog>
  );
}
