/** Whose account it is, with the picture where it can be shown. */
import { ForeignImage } from '@/components/foreign/image';
import { useI18n } from '@/lib/i18n';
import { shortened } from '@/lib/names';
import type { Account } from '@/protocol/schema.gen';

export function AccountName({ account }: { account: Account | null }) {
  const { t } = useI18n();
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
