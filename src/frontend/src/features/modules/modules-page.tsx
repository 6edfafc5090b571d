/** All modules as cards, those that need a decision first. */
import { Blocks } from 'lucide-react';
import { useState } from 'react';
import { Page } from '@/components/layout/page';
import { Empty } from '@/components/ui/empty';
import { Failure } from '@/components/ui/failure';
import { Skeleton } from '@/components/ui/skeleton';
import { useI18n, type MessageKey } from '@/lib/i18n';
import { moduleName } from '@/lib/module-text';
import { useModules } from '@/lib/queries';
import type { ModuleRecord } from '@/lib/records';
import { ConsentDialog } from './consent-dialog';
import { ModuleCard } from './module-card';

type Group = 'attention' | 'on' | 'off';

const GROUPS: readonly { id: Group; title: MessageKey }[] = [
  { id: 'attention', title: 'modules.group.attention' },
  { id: 'on', title: 'modules.group.on' },
  { id: 'off', title: 'modules.group.off' },
];

function groupOf({ state }: ModuleRecord): Group {
  if (state === 'awaiting_consent' || state === 'invalid' || state === 'failed') return 'attention';
  return state === 'disabled' ? 'off' : 'on';
}

export function ModulesPage() {
  const { t, locale } = useI18n();
  const { data, error, refetch } = useModules();
  const [reviewed, setReviewed] = useState<string | null>(null);
  const modules = [...(data ?? [])].sort((a, b) =>
    moduleName(a, locale).localeCompare(moduleName(b, locale), locale),
  );
  const inReview = modules.find(({ id }) => id === reviewed) ?? null;

  return (
    <Page title={t('modules.title')} lead={t('modules.lead')}>
      {data ? (
        modules.length === 0 ? (
          <Empty icon={Blocks} title={t('modules.empty.title')} text={t('modules.empty.text')} />
        ) : (
          GROUPS.map(({ id, title }) => {
            const members = modules.filter((module) => groupOf(module) === id);
            return members.length === 0 ? null : (
              <section key={id} aria-labelledby={`group-${id}`} className="flex flex-col gap-3">
                <h2 id={`group-${id}`} className="font-medium text-ink-muted">
                  {t(title)} <span className="text-ink-faint tnum">{members.length}</span>
                </h2>
                <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(20rem,100%),1fr))] gap-3">
                  {members.map((module) => (
                    <li key={module.id} className="min-w-0">
                      <ModuleCard module={module} onReview={() => setReviewed(module.id)} />
                    </li>
                  ))}
                </ul>
              </section>
            );
          })
        )
      ) : error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={3} className="h-32" />
      )}
      <ConsentDialog module={inReview} onClose={() => setReviewed(null)} />
    </Page>
  );
}
