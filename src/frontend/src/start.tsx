/** Puts the dashboard into the page. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import { createCore } from './app/create-core';
import type { Entry } from './lib/entry';

export function start(root: HTMLElement, entry: Entry): void {
  createRoot(root).render(
    <StrictMode>
      <App core={createCore(entry)} exchange={entry.exchange} />
    </StrictMode>,
  );
}
