/** A module's sign: its first letter on a ground of its own. */
import { cx } from '@/components/ui/cx';

export function ModuleIcon({ name, className }: { name: string; className?: string }) {
  return (
    <span
      aria-hidden
      className={cx(
        'flex shrink-0 items-center justify-center overflow-hidden rounded-lg bg-surface-3 font-semibold text-ink-muted uppercase',
        className ?? 'size-10 text-base',
      )}
    >
      {Array.from(name.trim())[0] ?? '?'}
    </span>
  );
}
