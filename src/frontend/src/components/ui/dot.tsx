/** The small round light beside a name; the word next to it says the same. */
import type { Tone } from './badge';
import { cx } from './cx';

const TONES: Record<Tone, string> = {
  neutral: 'bg-ink-faint/60',
  good: 'bg-accent',
  warn: 'bg-warn-light',
  danger: 'bg-danger',
};

export function Dot({ tone, className }: { tone: Tone; className?: string }) {
  return (
    <span aria-hidden className={cx('size-2 shrink-0 rounded-full', TONES[tone], className)} />
  );
}
