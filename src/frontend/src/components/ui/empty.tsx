/** What a place shows when there is nothing in it: why, and what to do next. */
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface EmptyProps {
  icon: LucideIcon;
  title: string;
  text?: string;
  action?: ReactNode;
  /** The whole page is this: its title is the page's. */
  asPage?: boolean;
}

export function Empty({ icon: Icon, title, text, action, asPage = false }: EmptyProps) {
  const Title = asPage ? 'h1' : 'p';
  return (
    <div className="flex h-full min-h-40 flex-col items-center justify-center gap-1 px-6 py-8 text-center">
      <span className="mb-2 flex size-11 items-center justify-center rounded-full bg-surface-3 text-ink-muted">
        <Icon aria-hidden className="size-5" />
      </span>
      <Title className="font-medium text-balance">{title}</Title>
      {text ? <p className="max-w-sm text-balance text-ink-muted">{text}</p> : null}
      {action ? <div className="mt-3">{action}</div> : null}
    </div>
  );
}
