/** Holds a list still while somebody reads it, and counts what has come since. */
import { useState } from 'react';
import type { ChatLine } from '@/lib/live';

interface Paused {
  readonly shown: readonly ChatLine[];
  readonly waiting: number;
  readonly isPaused: boolean;
}

export function usePause(lines: readonly ChatLine[], wanted: boolean): Paused {
  const [frozen, setFrozen] = useState<readonly ChatLine[] | null>(null);
  // State follows the wish during rendering, so that no line slips in between.
  if (wanted && frozen === null && lines.length > 0) setFrozen(lines);
  if (!wanted && frozen !== null) setFrozen(null);
  const shown = wanted ? (frozen ?? lines) : lines;
  return { shown, waiting: waitingAfter(shown, lines), isPaused: wanted };
}

export function waitingAfter(shown: readonly ChatLine[], lines: readonly ChatLine[]): number {
  if (shown === lines) return 0;
  const last = shown.at(-1);
  if (!last) return lines.length;
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    if (lines[index]?.id === last.id) return lines.length - 1 - index;
  }
  return lines.length;
}
