/** What a module writes: the newest lines at the end, live while the page is open. */
import { ArrowDown, ScrollText, SearchX } from 'lucide-react';
import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { cx } from '@/components/ui/cx';
import { Empty } from '@/components/ui/empty';
import { Failure } from '@/components/ui/failure';
import { Skeleton } from '@/components/ui/skeleton';
import { useI18n } from '@/lib/i18n';
import type { LogLine } from '@/lib/records';
import { useModuleLog } from './use-module-log';

type Level = 'all' | 'problems';

const PROBLEM_LEVELS = new Set(['warning', 'warn', 'error', 'critical']);

export function LogTab({ moduleId }: { moduleId: string }) {
  const { t } = useI18n();
  const log = useModuleLog(moduleId);
  const [search, setSearch] = useState('');
  const [level, setLevel] = useState<Level>('all');
  const wanted = search.trim().toLocaleLowerCase();
  const shown = log.lines.filter(
    (line) =>
      (level === 'all' || isProblem(line)) &&
      (wanted === '' || line.text.toLocaleLowerCase().includes(wanted)),
  );

  return (
    <div className="flex h-[max(20rem,calc(100dvh-21rem))] flex-col overflow-hidden rounded-lg bg-surface-1 ring-1 ring-line">
      <div className="flex shrink-0 flex-wrap gap-2 border-b border-line p-2">
        <input
          type="search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          aria-label={t('log.search')}
          placeholder={t('log.search')}
          className="h-8 min-w-40 flex-1 rounded-md bg-surface-2 px-3 ring-1 ring-line ring-inset placeholder:text-ink-faint"
        />
        <select
          value={level}
          onChange={(event) => setLevel(event.target.value === 'problems' ? 'problems' : 'all')}
          aria-label={t('log.level.label')}
          className="h-8 rounded-md bg-surface-2 px-2 ring-1 ring-line ring-inset"
        >
          <option value="all">{t('log.level.all')}</option>
          <option value="problems">{t('log.level.problems')}</option>
        </select>
      </div>
      {log.isLoading ? (
        <div className="p-4">
          <Skeleton rows={8} className="h-4" />
        </div>
      ) : log.error ? (
        <Failure error={log.error} onRetry={log.retry} />
      ) : (
        <Lines lines={shown} total={log.lines.length} onOlder={log.older} />
      )}
    </div>
  );
}

const END_PX = 32;

function Lines({
  lines,
  total,
  onOlder,
}: {
  lines: readonly LogLine[];
  total: number;
  onOlder: (() => void) | null;
}) {
  const { t } = useI18n();
  const scroller = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);

  const toEnd = useCallback(() => {
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);

  useLayoutEffect(() => {
    if (following) toEnd();
  }, [lines, following, toEnd]);

  if (total === 0) return <Empty icon={ScrollText} title={t('log.empty')} />;
  if (lines.length === 0) return <Empty icon={SearchX} title={t('log.noMatch')} />;
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={t('log.label')}
        // A list that scrolls must be reachable by the keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onScroll={(event) => {
          const element = event.currentTarget;
          const rest = element.scrollHeight - element.scrollTop - element.clientHeight;
          setFollowing(rest <= END_PX);
        }}
        className="h-full overflow-y-auto py-2 font-mono text-xs leading-5 -outline-offset-2"
      >
        {onOlder ? (
          <div className="flex justify-center pb-2">
            <Button size="sm" look="ghost" onClick={onOlder}>
              {t('log.older')}
            </Button>
          </div>
        ) : null}
        {lines.map((line, index) => (
          <Line key={`${line.at}/${index}`} line={line} />
        ))}
      </div>
      {following ? null : (
        <div className="pointer-events-none absolute inset-x-0 bottom-2 flex justify-center">
          <Button
            size="sm"
            look="primary"
            className="pointer-events-auto rounded-full shadow-float"
            onClick={toEnd}
          >
            <ArrowDown aria-hidden className="size-4" />
            {t('log.follow')}
          </Button>
        </div>
      )}
    </div>
  );
}

function Line({ line }: { line: LogLine }) {
  const level = line.level.toLowerCase();
  return (
    <div className="flex gap-3 px-3 hover:bg-surface-2">
      <time dateTime={line.at} className="shrink-0 text-ink-faint tnum select-none">
        {clock(line.at)}
      </time>
      <span
        className={cx(
          'min-w-0 flex-1 whitespace-pre-wrap foreign',
          isProblem(line) ? (level.startsWith('warn') ? 'text-warn' : 'text-danger') : 'text-ink',
        )}
      >
        {line.text}
      </span>
    </div>
  );
}

function isProblem(line: LogLine): boolean {
  return PROBLEM_LEVELS.has(line.level.toLowerCase());
}

/** The same for every language: logs are compared by eye. */
function clock(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? '' : date.toTimeString().slice(0, 8);
}
