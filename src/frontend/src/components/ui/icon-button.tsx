/** A button that is only an icon; its name is both its label and its tooltip. */
import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cx } from './cx';
import { Tooltip } from './tooltip';

type IconButtonProps = Omit<ComponentProps<'button'>, 'children' | 'aria-label'> & {
  icon: LucideIcon;
  label: string;
  size?: 'sm' | 'md';
};

export function IconButton({
  icon: Icon,
  label,
  size = 'md',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <button
        type="button"
        aria-label={label}
        className={cx(
          'inline-flex shrink-0 items-center justify-center rounded-md text-ink-muted transition-colors duration-100 hover:bg-surface-3 hover:text-ink disabled:cursor-default disabled:text-ink-faint disabled:hover:bg-transparent',
          size === 'md' ? 'size-9' : 'size-7',
          className,
        )}
        {...rest}
      >
        <Icon aria-hidden className={size === 'md' ? 'size-[1.125rem]' : 'size-4'} />
      </button>
    </Tooltip>
  );
}
