/** What is wrong with a module's files, place by place. */
import { useI18n } from '@/lib/i18n';
import type { Problem } from '@/lib/records';

export function ProblemList({ problems }: { problems: readonly Problem[] }) {
  const { t } = useI18n();
  return (
    <ul className="flex flex-col gap-2">
      {problems.map((problem, index) => (
        <li
          key={index}
          className="rounded-lg bg-surface-2 px-4 py-3 ring-1 ring-line ring-inset foreign"
        >
          <p className="font-mono text-xs text-ink-muted">
            <span className="sr-only">{t('problem.file')}: </span>
            <span className="text-ink">{problem.file}</span>
            {problem.path ? (
              <>
                <span aria-hidden> → </span>
                <span className="sr-only">, {t('problem.path')}: </span>
                {problem.path}
              </>
            ) : null}
          </p>
          <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
            <dt className="text-ink-faint">{t('problem.expected')}</dt>
            <dd className="max-h-40 min-w-0 overflow-y-auto">{problem.expected}</dd>
            <dt className="text-ink-faint">{t('problem.found')}</dt>
            <dd className="max-h-40 min-w-0 overflow-y-auto text-ink-muted">{problem.found}</dd>
          </dl>
          {problem.hint ? <p className="mt-2 text-pretty">{problem.hint}</p> : null}
        </li>
      ))}
    </ul>
  );
}
