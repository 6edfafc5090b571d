/** A link that leaves the dashboard and looks like the next step. */
import type { ReactNode } from 'react';

/** Only web addresses become links. */
export function safeLink(address: string): URL | null {
  try {
    const url = new URL(address);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url : null;
  } catch {
    return null;
  }
}

export function OpenLink({ url, children }: { url: URL; children: ReactNode }) {
  return (
    <a
      href={url.href}
      target="_blank"
      rel="noreferrer noopener"
      className="inline-flex min-h-9 items-center justify-center gap-2 rounded-md bg-accent px-3.5 py-1.5 text-center font-semibold wrap-anywhere text-on-accent transition-colors duration-100 hover:bg-accent-strong"
    >
      {children}
    </a>
  );
}
