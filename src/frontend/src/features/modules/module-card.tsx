/** One module at a glance: who it is, how it fares, and the switch. */
import { Link } from 'wouter';
import { shortened } from '@/lib/names';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Switch } from '@/components/ui/switch';
import { useReason } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { localText, moduleName } from '@/lib/module-text';
import { useUsage } from '@/lib/queries';
import type { ModuleRecord } from '@/lib/records';
import { ModuleIcon } from './module-icon';
import { StateBadge } from './state-badge';
import { useModuleAction } from './use-module-action';

export function ModuleCard({ module, onReview }: { module: ModuleRecord; onReview: () => void }) {
  const { t, locale } = useI18n();
  const reason = useReason();
  const action = useModuleAction(module.id);
  const name = shortened(moduleName(module, locale), 60);
  const description = localText(module.manifest?.description, locale);
  const isOn = module.state !== 'disabled' && module.state !== 'failed';
  const canSwitch = module.state !== 'invalid' && module.state !== 'awaiting_consent';

  return (
    <article className="relative flex h-full flex-col gap-3 rounded-lg bg-surface-1 p-4 ring-1 ring-line transition-colors duration-100 hover:bg-surface-2">
      <div className="flex items-start gap-3">
        <ModuleIcon name={name} />
        <div className="min-w-0 flex-1">
          <h3 className="truncate font-semibold foreign">
            <Link
              href={`/modules/${module.id}`}
              className="outline-none after:absolute after:inset-0 after:rounded-lg focus-visible:after:outline-2 focus-visible:after:outline-accent"
            >
              {name}
            </Link>
          </h3>
          <p className="truncate text-xs text-ink-faint foreign">
            {module.id}
            {module.manifest?.author
              ? ` · ${t('modules.by', { author: module.manifest.author })}`
              : ''}
          </p>
        </div>
        {canSwitch ? (
          <span className="relative z-10">
            <Switch
              checked={isOn}
              disabled={action.isPending}
              onCheckedChange={(on) => action.mutate({ do: on ? 'enable' : 'disable' })}
              label={isOn ? `${t('module.disable')}: ${name}` : `${t('module.enable')}: ${name}`}
            />
          </span>
        ) : null}
      </div>
      {description ? <p className="line-clamp-2 text-ink-muted foreign">{description}</p> : null}
      <div className="mt-auto flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1.5">
        <StateBadge state={module.state} />
        <CardNote module={module} />
        {module.state === 'awaiting_consent' ? (
          <Button look="primary" size="sm" className="relative z-10 ml-auto" onClick={onReview}>
            {t('modules.review')}
          </Button>
        ) : null}
      </div>
      {action.isError ? (
        <p role="alert" className="text-danger">
          {t('module.actionFailed', { reason: reason(action.error) })}
        </p>
      ) : null}
    </article>
  );
}

function CardNote({ module }: { module: ModuleRecord }) {
  const { t } = useI18n();
  if (module.state === 'invalid') {
    return (
      <span className="text-[0.8125rem] text-ink-muted">
        {t('modules.problems', { count: module.problems.length })}
      </span>
    );
  }
  if (module.state === 'awaiting_consent') {
    return module.consent === null ? <Badge tone="good">{t('modules.new')}</Badge> : null;
  }
  return module.state === 'running' ? <UsageLine module={module} /> : null;
}

function UsageLine({ module }: { module: ModuleRecord }) {
  const { t } = useI18n();
  const whole = useWhole();
  const usage = useUsage()?.modules[module.id] ?? module.usage;
  return (
    <dl className="flex gap-3 text-[0.8125rem] text-ink-muted tnum">
      {(
        [
          ['modules.cpu', t('modules.percent', { value: whole(usage.cpu_percent) })],
          ['modules.memory', t('modules.mb', { value: whole(usage.rss_mb) })],
          ['modules.events', t('modules.perSecond', { value: whole(usage.events_per_s) })],
        ] as const
      ).map(([key, value]) => (
        <div key={key} title={t(key)}>
          <dt className="sr-only">{t(key)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Whole numbers from ten on, one digit below: what changes every second must not flicker. */
export function useWhole(): (value: number) => string {
  const { number } = useI18n();
  return (value) => number(value >= 10 ? Math.round(value) : Math.round(value * 10) / 10);
}
