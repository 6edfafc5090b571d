/** What every control of a settings form is given, and how it looks. */
import type { Field } from './schema';

export interface ControlProps {
  id: string;
  field: Exclude<Field, { kind: 'group' }>;
  value: unknown;
  describedBy: string;
  invalid: boolean;
  onChange: (value: unknown) => void;
}

export const INPUT =
  'min-h-9 w-full rounded-md bg-surface-2 px-3 py-1.5 ring-1 ring-line-strong ring-inset placeholder:text-ink-faint aria-invalid:ring-danger';
