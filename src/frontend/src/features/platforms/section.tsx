/** A part of a platform's card that opens when somebody wants to know more. */
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

export function Section({
  title,
  summary,
  children,
}: {
  title: string;
  /** What there is to know without opening it. */
  summary: ReactNode;
  children: ReactNode;
}) {
  return (
    <details className="group">
      <summary className="flex cursor-pointer list-none items-center gap-2 rounded-sm py-2.5 [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-4 shrink-0 text-ink-faint transition-transform duration-100 group-open:rotate-90"
        />
        <h3 className="min-w-0 flex-1 font-medium">{title}</h3>
        <span className="min-w-0 truncate text-ink-muted tnum">{summary}</span>
      </summary>
      <div className="flex flex-col gap-3 pb-3.5 pl-6">{children}</div>
    </details>
  );
}
