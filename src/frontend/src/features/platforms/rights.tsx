/** What the login allows and what not, in words; the platform's own names only for who asks. */
import { Check, Minus } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { useI18n } from '@/lib/i18n';
import type { PermissionStatus, PlatformRecord } from '@/lib/records';
import { PERMISSIONS, type Permission } from '@/protocol/schema.gen';
import { Section } from './section';

export function Rights({
  platform,
  onAllow,
}: {
  platform: PlatformRecord;
  onAllow: (permission: Permission) => void;
}) {
  const { t } = useI18n();
  const { permissions, scopes } = platform;
  if (permissions.length === 0 && scopes.length === 0) return null;
  const granted = permissions.filter(({ is_granted }) => is_granted);
  return (
    <Section
      title={t('platforms.rights')}
      summary={t('platforms.rights.count', { granted: granted.length, all: permissions.length })}
    >
      <ul className="flex flex-col gap-2">
        {permissions.map((status) => (
          <li key={status.permission}>
            <Right status={status} onAllow={onAllow} />
          </li>
        ))}
      </ul>
      {scopes.length > 0 ? (
        <details>
          <summary className="w-fit cursor-pointer rounded-sm text-ink-muted hover:text-ink">
            {t('platforms.scopes', { name: platform.name })}
          </summary>
          <ul className="mt-1.5 flex flex-wrap gap-1.5">
            {scopes.map((scope) => (
              <li key={scope} className="rounded-sm bg-surface-3 px-1.5 py-0.5 font-mono text-xs">
                {scope}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </Section>
  );
}

function Right({
  status: { permission, is_granted },
  onAllow,
}: {
  status: PermissionStatus;
  onAllow: (permission: Permission) => void;
}) {
  const { t, locale } = useI18n();
  const sentence = PERMISSIONS[permission][locale];
  const Icon = is_granted ? Check : Minus;
  return (
    <div className="flex items-start gap-2">
      <Icon
        role="img"
        aria-label={t(is_granted ? 'platforms.rights.yes' : 'platforms.rights.no')}
        className={
          is_granted
            ? 'mt-0.5 size-4 shrink-0 text-accent'
            : 'mt-0.5 size-4 shrink-0 text-ink-faint'
        }
      />
      <p className={is_granted ? 'min-w-0 flex-1' : 'min-w-0 flex-1 text-ink-muted'}>{sentence}</p>
      {is_granted ? null : (
        <Button
          size="sm"
          aria-label={t('platforms.allow.one', { permission: sentence })}
          onClick={() => onAllow(permission)}
        >
          {t('platforms.allow')}
        </Button>
      )}
    </div>
  );
}
