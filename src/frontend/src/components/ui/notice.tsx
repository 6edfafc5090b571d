/** A short message inside a page: what is the matter, and what to do. */
import { Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx';

const TONES = {
  neutral: 'bg-surface-2 ring-line',
  warn: 'bg-warn-soft ring-transparent',
  danger: 'bg-danger-soft ring-transparent',
} as const;

interface NoticeProps {
  tone?: keyof typeof TONES;
  title: ReactNode;
  action?: ReactNode;
  live?: boolean;
  children?: ReactNode;
}

export function Notice({ tone = 'neutral', title, action, live = false, children }: NoticeProps) {
  const Icon = tone === 'neutral' ? Info : TriangleAlert;
  return (
    <div
      {...(live ? { role: 'alert' } : {})}
      className={cx('flex gap-3 rounded-lg px-4 py-3 ring-1 ring-inset', TONES[tone])}
    >
      <Icon
        aria-hidden
        className={cx(
          'mt-0.5 size-4 shrink-0',
          tone === 'danger' ? 'text-danger' : tone === 'warn' ? 'text-warn' : 'text-ink-muted',
        )}
      />
      <div className="min-w-0 flex-1">
        <p className="font-medium foreign">{title}</p>
        {children ? <div className="mt-1 text-ink-muted">{children}</div> : null}
      </div>
      {action ? <div className="shrink-0 self-center">{action}</div> : null}
    </div>
  );
}
