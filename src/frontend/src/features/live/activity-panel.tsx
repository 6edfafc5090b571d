/** The activity feed: what viewers did, newest on top, with amounts. */
import { PartyPopper } from 'lucide-react';
import { useMemo, useState } from 'react';
import { cx } from '@/components/ui/cx';
import { Empty } from '@/components/ui/empty';
import { Skeleton } from '@/components/ui/skeleton';
import { useI18n } from '@/lib/i18n';
import { useLive } from '@/lib/live';
import { ActivityRow } from './activity-row';
import type { ActivityKind } from './activity-line';
import { describe } from './activity-text';

const FILTERS = ['all', 'money', 'community', 'stream', 'moderation'] as const;
type Filter = 'all' | ActivityKind;

/** As many as anybody scrolls through here; the log keeps the rest. */
const SHOWN = 150;

export function ActivityPanel({ titleId }: { titleId?: string }) {
  const { t, tOr, number, time } = useI18n();
  const { state, isLoading } = useLive();
  const [filter, setFilter] = useState<Filter>('all');
  const rows = useMemo(
    () =>
      state.activity
        .flatMap((item) => {
          const words = describe(item, { t, tOr, number, time });
          return words && (filter === 'all' || words.kind === filter) ? [{ item, words }] : [];
        })
        .slice(0, SHOWN),
    [state.activity, filter, t, tOr, number, time],
  );

  return (
    <>
      <div className="flex h-11 shrink-0 items-center gap-2 overflow-hidden border-b border-line pr-2 pl-3">
        {titleId ? (
          <h2 id={titleId} className="font-semibold">
            {t('activity.title')}
          </h2>
        ) : null}
        <FilterRow value={filter} onChange={setFilter} wide={titleId === undefined} />
      </div>
      <div
        // A list that scrolls must be reachable by the keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="group"
        aria-label={t('activity.title')}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain -outline-offset-2"
      >
        {rows.length > 0 ? (
          <ul className="py-1">
            {rows.map(({ item, words }) => (
              <li key={item.id}>
                <ActivityRow event={item.event} words={words} />
              </li>
            ))}
          </ul>
        ) : isLoading ? (
          <div className="p-4">
            <Skeleton rows={5} className="h-10" />
          </div>
        ) : (
          <Empty
            icon={PartyPopper}
            title={filter === 'all' ? t('activity.empty.title') : t('activity.noMatch')}
            text={t('activity.empty.text')}
          />
        )}
      </div>
    </>
  );
}

function FilterRow({
  value,
  onChange,
  wide,
}: {
  value: Filter;
  onChange: (filter: Filter) => void;
  wide: boolean;
}) {
  const { t } = useI18n();
  return (
    <div
      role="radiogroup"
      aria-label={t('activity.filter')}
      className={cx(
        'flex min-w-0 gap-0.5 overflow-x-auto [scrollbar-width:none]',
        wide ? '-ml-1' : 'ml-auto',
      )}
    >
      {FILTERS.map((filter) => (
        <label
          key={filter}
          className="relative flex h-7 shrink-0 cursor-pointer items-center rounded-md px-2 text-[0.8125rem] text-ink-muted hover:bg-surface-3 hover:text-ink has-checked:bg-surface-3 has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name="activity-filter"
            checked={value === filter}
            onChange={() => onChange(filter)}
            className="absolute inset-0 cursor-pointer opacity-0"
          />
          {t(`activity.filter.${filter}`)}
        </label>
      ))}
    </div>
  );
}
