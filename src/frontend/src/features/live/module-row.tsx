/** The health of all modules as a row of dots with names. */
import { Link } from 'wouter';
import { shortened } from '@/lib/names';
import { MODULE_TONES } from '@/components/module/tones';
import { cx } from '@/components/ui/cx';
import { Dot } from '@/components/ui/dot';
import { Tooltip } from '@/components/ui/tooltip';
import { useI18n } from '@/lib/i18n';
import { moduleName } from '@/lib/module-text';
import { useModules } from '@/lib/queries';
import type { ModuleRecord } from '@/lib/records';

export function ModuleRow({ className }: { className: string }) {
  const { t } = useI18n();
  const { data: modules, isPending } = useModules();
  return (
    <section aria-label={t('live.modules')} className={cx('shrink-0', className)}>
      <ul className="relative flex max-h-26 flex-wrap items-center gap-1 overflow-y-auto p-2">
        {modules?.map((module) => (
          <li key={module.id} className="min-w-0">
            <ModuleDot module={module} />
          </li>
        ))}
        {modules?.length === 0 || (!modules && !isPending) ? (
          <li className="px-2 py-1 text-ink-muted">{t('live.modules.none')}</li>
        ) : null}
      </ul>
    </section>
  );
}

function ModuleDot({ module }: { module: ModuleRecord }) {
  const { t, locale } = useI18n();
  const tone = MODULE_TONES[module.state];
  const state = t(`module.state.${module.state}`);
  const needsHand = tone === 'warn' || tone === 'danger';
  return (
    <Tooltip text={state}>
      <Link
        href={`/modules/${module.id}`}
        className="flex h-7 max-w-72 items-center gap-2 rounded-md px-2 text-[0.8125rem] text-ink-muted transition-colors duration-100 hover:bg-surface-3 hover:text-ink"
      >
        <Dot tone={tone} />
        <bdi className="truncate foreign">{shortened(moduleName(module, locale))}</bdi>
        {needsHand ? (
          <>
            <span aria-hidden className="shrink-0 text-ink">
              {t(`module.short.${module.state}`)}
            </span>
            <span className="sr-only">{state}</span>
          </>
        ) : (
          <span className="sr-only">{state}</span>
        )}
      </Link>
    </Tooltip>
  );
}
