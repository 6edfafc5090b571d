/** What jsdom lacks, and a clean page for each test. */
import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

class NoResizeObserver implements ResizeObserver {
  observe(): void {
    return undefined;
  }
  unobserve(): void {
    return undefined;
  }
  disconnect(): void {
    return undefined;
  }
}

// A busy machine is slow, not wrong: waiting ends as soon as the thing is there.
configure({ asyncUtilTimeout: 8000 });

vi.stubGlobal('ResizeObserver', NoResizeObserver);
vi.stubGlobal('matchMedia', (query: string) => ({
  matches: query.includes('min-width'),
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));
Element.prototype.scrollIntoView = () => undefined;
Element.prototype.hasPointerCapture = () => false;
// There is no layout here: rows are as high as a line, and every list has room for all of them.
for (const [name, size] of [
  ['offsetHeight', 30],
  ['clientHeight', 100_000],
  ['clientWidth', 400],
] as const) {
  Object.defineProperty(HTMLElement.prototype, name, {
    configurable: true,
    get: () => size,
  });
}

afterEach(() => {
  cleanup();
  window.localStorage.clear();
  window.location.hash = '';
});
