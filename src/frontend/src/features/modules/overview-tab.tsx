/** A module's facts, and what is the matter with it when something is. */
import type { ReactNode } from 'react';
import { CopyButton } from '@/components/ui/copy-button';
import { Notice } from '@/components/ui/notice';
import { useI18n } from '@/lib/i18n';
import { localText } from '@/lib/module-text';
import { platformLook } from '@/lib/platforms';
import { useUsage } from '@/lib/queries';
import type { ModuleRecord } from '@/lib/records';
import { useWhole } from './module-card';
import { ProblemList } from './problem-list';

export function OverviewTab({ module }: { module: ModuleRecord }) {
  const { t, locale } = useI18n();
  const description = localText(module.manifest?.description, locale);
  const { warnings } = module;
  return (
    <div className="flex flex-col gap-6">
      {module.state === 'invalid' ? (
        <section className="flex flex-col gap-3">
          <Notice tone="warn" title={t('module.invalid.title')}>
            {t('module.invalid.text')}
          </Notice>
          <ProblemList problems={module.problems} />
        </section>
      ) : null}
      {module.state === 'failed' || module.state === 'backing_off' ? (
        <LastError module={module} />
      ) : null}
      {description ? <p className="max-w-2xl text-pretty foreign">{description}</p> : null}
      {module.state === 'running' ? <UsageTiles module={module} /> : null}
      <Facts module={module} />
      {module.last_error && module.state !== 'failed' && module.state !== 'backing_off' ? (
        <LastError module={module} quiet />
      ) : null}
      {warnings.length > 0 ? (
        <section className="flex flex-col gap-3">
          <h2 className="font-medium">{t('module.warnings.title')}</h2>
          <ProblemList problems={warnings} />
        </section>
      ) : null}
    </div>
  );
}

function LastError({ module, quiet = false }: { module: ModuleRecord; quiet?: boolean }) {
  const { t, dateTime } = useI18n();
  const error = module.last_error;
  const failed = module.state === 'failed';
  return (
    <section className="flex flex-col gap-3">
      {quiet ? (
        <h2 className="font-medium">{t('module.lastError')}</h2>
      ) : (
        <Notice
          tone={failed ? 'danger' : 'warn'}
          title={t(failed ? 'module.failed.title' : 'module.backoff.title')}
        >
          {failed ? t('module.failed.text') : null}
        </Notice>
      )}
      {error ? (
        <div className="overflow-hidden rounded-lg bg-surface-2 ring-1 ring-line ring-inset">
          <div className="flex items-center gap-3 border-b border-line py-2 pr-2 pl-4">
            <p className="min-w-0 flex-1 truncate text-ink-muted tnum foreign">
              {t('module.lastError.at', { time: dateTime(error.at), exit: error.exit })}
            </p>
            <CopyButton size="sm" look="ghost" text={error.lines.join('\n')} />
          </div>
          <pre
            // A box that scrolls must be reachable by the keyboard.
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
            role="group"
            aria-label={t('module.lastError.lines')}
            className="max-h-96 overflow-auto px-4 py-3 font-mono text-xs leading-5 -outline-offset-2 [unicode-bidi:plaintext]"
          >
            {error.lines.join('\n')}
          </pre>
        </div>
      ) : null}
    </section>
  );
}

function UsageTiles({ module }: { module: ModuleRecord }) {
  const { t } = useI18n();
  const whole = useWhole();
  const usage = useUsage()?.modules[module.id] ?? module.usage;
  const tiles = [
    ['modules.cpu', t('modules.percent', { value: whole(usage.cpu_percent) })],
    ['modules.memory', t('modules.mb', { value: whole(usage.rss_mb) })],
    ['modules.events', t('modules.perSecond', { value: whole(usage.events_per_s) })],
    ['module.commands', t('modules.perSecond', { value: whole(usage.commands_per_s) })],
    ['module.restarts', whole(module.restarts)],
  ] as const;
  return (
    <dl className="grid grid-cols-[repeat(auto-fit,minmax(7.5rem,1fr))] gap-2">
      {tiles.map(([key, value]) => (
        <div key={key} className="rounded-lg bg-surface-2 px-4 py-3 ring-1 ring-line ring-inset">
          <dt className="text-xs text-ink-faint">{t(key)}</dt>
          <dd className="mt-0.5 text-xl leading-7 font-semibold tnum">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Facts({ module }: { module: ModuleRecord }) {
  const { t, tOr } = useI18n();
  const manifest = module.manifest;
  const level = module.sandbox.level;
  const homepage = safeHomepage(manifest?.homepage);
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2.5">
      <Fact name={t('module.folder')}>
        <code className="font-mono text-xs">{module.id}</code>
      </Fact>
      {manifest ? (
        <Fact name={t('module.platforms')}>
          {manifest.requirements
            .map((id) => (id === '*' ? t('module.anyPlatform') : platformLook(id).name))
            .join(', ')}
        </Fact>
      ) : null}
      {level ? (
        <Fact name={t('module.isolation')}>{tOr(`module.isolation.${level}`, level)}</Fact>
      ) : null}
      {manifest?.license ? <Fact name={t('module.license')}>{manifest.license}</Fact> : null}
      {homepage ? (
        <Fact name={t('module.homepage')}>
          <a
            href={homepage}
            target="_blank"
            rel="noreferrer noopener"
            className="text-accent hover:text-accent-strong"
          >
            {homepage}
          </a>
        </Fact>
      ) : null}
      <Fact name={t('module.digest')}>
        <code className="font-mono text-xs break-all text-ink-muted">{module.digest}</code>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0 foreign">{children}</dd>
    </>
  );
}

function safeHomepage(address: string | undefined): string | null {
  if (!address) return null;
  try {
    const url = new URL(address);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null;
  }
}
