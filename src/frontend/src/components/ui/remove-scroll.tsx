/**
 * Stands in for `react-remove-scroll`, which the primitives bring along: it writes a style element,
 * and the page's policy allows none. Nothing behind a dialog scrolls here anyway, because pages
 * scroll in a box of their own that the dialog's overlay covers.
 */
import type { ElementType, ReactNode } from 'react';

interface RemoveScrollProps {
  as?: ElementType<{ children?: ReactNode }>;
  children?: ReactNode;
}

export function RemoveScroll({ as: As = 'div', children }: RemoveScrollProps) {
  return <As>{children}</As>;
}
