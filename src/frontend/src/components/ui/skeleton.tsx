/** Quiet placeholders; they show only after 300 ms, because most answers come sooner. */
import { useI18n } from '@/lib/i18n';
import { cx } from './cx';

export function Skeleton({ rows, className }: { rows: number; className?: string }) {
  const { t } = useI18n();
  return (
    <div role="status" className="animate-late">
      <span className="sr-only">{t('common.loading')}</span>
      <div aria-hidden className="flex flex-col gap-3">
        {Array.from({ length: rows }, (_, index) => (
          <div key={index} className={cx('rounded-md bg-surface-3', className ?? 'h-5')} />
        ))}
      </div>
    </div>
  );
}
