/** One module: its name and switch on top, everything else in tabs. */
import { ArrowLeft, PackageX, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { shortened } from '@/lib/names';
import { Page } from '@/components/layout/page';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Failure } from '@/components/ui/failure';
import { Notice } from '@/components/ui/notice';
import { Skeleton } from '@/components/ui/skeleton';
import { Tabs } from '@/components/ui/tabs';
import { useReason } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { moduleName } from '@/lib/module-text';
import { useModules } from '@/lib/queries';
import type { ModuleRecord } from '@/lib/records';
import { ConsentDialog } from './consent-dialog';
import { LogTab } from './log-tab';
import { ModuleIcon } from './module-icon';
import { OverviewTab } from './overview-tab';
import { PagesTab } from './pages-tab';
import { PermissionsTab } from './permissions-tab';
import { SettingsTab } from './settings/settings-tab';
import { StateBadge } from './state-badge';
import { useModuleAction } from './use-module-action';
import { review } from './wishes';

export function ModulePage({ id, tab }: { id: string; tab: string }) {
  const { t } = useI18n();
  const { data, error, refetch } = useModules();
  const module = data?.find((candidate) => candidate.id === id);
  if (module) return <Detail module={module} tab={tab} />;
  return (
    <Page title="" above={<BackLink />}>
      {data ? (
        <Empty asPage icon={PackageX} title={t('module.gone.title')} text={t('module.gone.text')} />
      ) : error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={3} className="h-16" />
      )}
    </Page>
  );
}

function BackLink() {
  const { t } = useI18n();
  return (
    <Link
      href="/modules"
      className="mb-3 -ml-1 inline-flex items-center gap-1.5 rounded-sm px-1 text-ink-muted hover:text-ink"
    >
      <ArrowLeft aria-hidden className="size-4" />
      {t('module.back')}
    </Link>
  );
}

function Detail({ module, tab }: { module: ModuleRecord; tab: string }) {
  const { t, locale } = useI18n();
  const [, navigate] = useLocation();
  const name = shortened(moduleName(module, locale), 60);
  const tabs = [
    { id: 'overview', label: t('module.tab.overview'), content: <OverviewTab module={module} /> },
    ...(module.manifest
      ? [
          {
            id: 'permissions',
            label: t('module.tab.permissions'),
            content: <PermissionsTab module={module} />,
          },
          {
            id: 'settings',
            label: t('module.tab.settings'),
            content: <SettingsTab module={module} />,
          },
          { id: 'pages', label: t('module.tab.pages'), content: <PagesTab moduleId={module.id} /> },
        ]
      : []),
    { id: 'log', label: t('module.tab.log'), content: <LogTab moduleId={module.id} /> },
  ];
  const current = tabs.some(({ id }) => id === tab) ? tab : 'overview';
  return (
    <Page
      above={<BackLink />}
      title={
        <span className="flex items-center gap-4 max-sm:items-start">
          <ModuleIcon name={name} className="size-12 text-xl" />
          <span className="min-w-0 flex-1">
            <span className="block foreign">{name}</span>
            <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-sm leading-6 font-normal tracking-normal text-ink-muted">
              <StateBadge state={module.state} />
              <Byline module={module} />
            </span>
          </span>
        </span>
      }
    >
      <Actions module={module} />
      <Tabs
        label={t('module.tabs')}
        tabs={tabs}
        value={current}
        onChange={(next) => navigate(`/modules/${module.id}/${next}`, { replace: true })}
        panelClassName="pt-5"
      />
    </Page>
  );
}

function Byline({ module }: { module: ModuleRecord }) {
  const { t } = useI18n();
  const { manifest } = module;
  const parts = [
    manifest ? t('module.version', { version: shortened(manifest.version, 30) }) : '',
    manifest?.author ? t('modules.by', { author: shortened(manifest.author) }) : '',
    module.source === 'bundled' ? t('modules.bundled') : '',
  ].filter((part) => part !== '');
  return <span className="min-w-0 foreign">{parts.join(' · ')}</span>;
}

function Actions({ module }: { module: ModuleRecord }) {
  const { t } = useI18n();
  const reason = useReason();
  const action = useModuleAction(module.id);
  const [reviewing, setReviewing] = useState(false);
  const { state } = module;

  if (state === 'invalid') return null;
  if (state === 'awaiting_consent') {
    const { isFirst, asksMore } = review(module);
    return (
      <>
        <Notice
          tone="warn"
          title={
            isFirst
              ? t('module.awaiting.title')
              : t(asksMore ? 'modules.wishesMore' : 'modules.changed')
          }
          action={
            <Button look="primary" onClick={() => setReviewing(true)}>
              {t('modules.review')}
            </Button>
          }
        >
          {t('module.awaiting.text')}
        </Notice>
        <ConsentDialog module={reviewing ? module : null} onClose={() => setReviewing(false)} />
      </>
    );
  }
  const isOn = state !== 'disabled' && state !== 'failed';
  const busy = action.isPending || state === 'stopping';
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        {isOn ? (
          <>
            <Button disabled={busy} onClick={() => action.mutate({ do: 'restart' })}>
              <RotateCw aria-hidden className="size-4" />
              {t('module.restart')}
            </Button>
            <Button disabled={busy} onClick={() => action.mutate({ do: 'disable' })}>
              {t('module.disable')}
            </Button>
          </>
        ) : (
          <Button
            look="primary"
            disabled={busy}
            onClick={() => action.mutate({ do: state === 'failed' ? 'restart' : 'enable' })}
          >
            {t('module.enable')}
          </Button>
        )}
      </div>
      {action.isError ? (
        <Notice
          live
          tone="danger"
          title={t('module.actionFailed', { reason: reason(action.error) })}
        />
      ) : null}
    </div>
  );
}
