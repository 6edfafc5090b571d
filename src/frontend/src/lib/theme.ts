/** Dark, light or as the system says; kept for this browser. */
import { useSyncExternalStore } from 'react';

export const THEMES = ['dark', 'light', 'system'] as const;
export type Theme = (typeof THEMES)[number];

const STORAGE_KEY = 'streamcore.theme';
const listeners = new Set<() => void>();
const systemLight =
  typeof window.matchMedia === 'function'
    ? window.matchMedia('(prefers-color-scheme: light)')
    : null;

function read(): Theme {
  try {
    const saved = window.localStorage.getItem(STORAGE_KEY);
    return THEMES.find((theme) => theme === saved) ?? 'dark';
  } catch {
    return 'dark';
  }
}

let current: Theme = read();

function isLight(): boolean {
  return current === 'light' || (current === 'system' && systemLight?.matches === true);
}

function apply(): void {
  document.documentElement.dataset.theme = isLight() ? 'light' : 'dark';
  for (const listener of listeners) listener();
}

export function startTheme(): void {
  apply();
  systemLight?.addEventListener('change', apply);
}

export function setTheme(theme: Theme): void {
  current = theme;
  try {
    window.localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  apply();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What was chosen. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => current);
}

/** What is shown. */
export function useIsLight(): boolean {
  return useSyncExternalStore(subscribe, isLight);
}
