/** The measure of a page that is read rather than glanced at. */
import type { ReactNode } from 'react';

interface PageProps {
  title: ReactNode;
  lead?: string;
  above?: ReactNode;
  children: ReactNode;
}

export function Page({ title, lead, above, children }: PageProps) {
  return (
    <div className="mx-auto flex w-full max-w-5xl flex-col gap-6 px-4 py-5 sm:px-6 sm:py-7">
      <header>
        {above}
        {title ? (
          <h1 className="text-2xl leading-8 font-semibold tracking-tight text-balance">{title}</h1>
        ) : null}
        {lead ? <p className="mt-1 max-w-2xl text-pretty text-ink-muted">{lead}</p> : null}
      </header>
      {children}
    </div>
  );
}
