/** The button: one shape, three weights. */
import type { ComponentProps } from 'react';
import { cx } from './cx';

const LOOKS = {
  primary:
    'bg-accent text-on-accent font-semibold hover:bg-accent-strong disabled:bg-surface-3 disabled:text-ink-faint',
  secondary:
    'bg-surface-3 text-ink hover:bg-surface-4 ring-1 ring-inset ring-line disabled:text-ink-faint disabled:hover:bg-surface-3',
  ghost: 'text-ink-muted hover:bg-surface-3 hover:text-ink disabled:text-ink-faint',
} as const;

export type ButtonProps = ComponentProps<'button'> & {
  look?: keyof typeof LOOKS;
  size?: 'sm' | 'md';
};

export function Button({
  look = 'secondary',
  size = 'md',
  className,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={cx(
        'inline-flex shrink-0 items-center justify-center gap-2 rounded-md whitespace-nowrap transition-colors duration-100 disabled:cursor-default',
        size === 'md' ? 'h-9 px-3.5' : 'h-7 px-2.5 text-[0.8125rem]',
        LOOKS[look],
        className,
      )}
      {...rest}
    />
  );
}
