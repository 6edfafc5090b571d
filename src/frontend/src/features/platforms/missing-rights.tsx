/** An amber line for rights that somebody needs and the login lacks, with the one click that helps. */
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { useI18n } from '@/lib/i18n';
import { moduleName } from '@/lib/module-text';
import { shortened } from '@/lib/names';
import { useModules } from '@/lib/queries';
import type { PlatformRecord } from '@/lib/records';
import { missingRights } from '@/lib/rights';
import { PERMISSIONS, type Permission } from '@/protocol/schema.gen';

export function MissingRights({
  platform,
  onAllow,
}: {
  platform: PlatformRecord;
  onAllow: (permissions: readonly Permission[]) => void;
}) {
  const { t, locale } = useI18n();
  const { data: modules = [] } = useModules();
  const rights = missingRights(platform);
  if (rights.length === 0) return null;

  const ids = [...new Set(rights.flatMap(({ wanted_by }) => wanted_by))];
  const names = ids.map((id) => {
    const module = modules.find((candidate) => candidate.id === id);
    return shortened(module ? moduleName(module, locale) : id);
  });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' }).format(names);

  return (
    <Notice
      tone="warn"
      title={
        names.length > 0
          ? t('platforms.missing', { count: rights.length, names: list })
          : t('platforms.missing.own', { count: rights.length })
      }
      action={
        <Button onClick={() => onAllow(rights.map(({ permission }) => permission))}>
          {t('platforms.allow')}
        </Button>
      }
    >
      <ul className="flex flex-col gap-1">
        {rights.map(({ permission }) => (
          <li key={permission}>{PERMISSIONS[permission][locale]}</li>
        ))}
      </ul>
    </Notice>
  );
}
