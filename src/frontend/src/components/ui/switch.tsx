/** On or off, at once. */
import * as Radix from '@radix-ui/react-switch';

interface SwitchProps {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  label: string;
  id?: string;
  disabled?: boolean;
  /** The element that says more about it. */
  describedBy?: string;
}

export function Switch({
  checked,
  onCheckedChange,
  label,
  id,
  disabled = false,
  describedBy,
}: SwitchProps) {
  return (
    <Radix.Root
      {...(id ? { id } : {})}
      checked={checked}
      onCheckedChange={onCheckedChange}
      disabled={disabled}
      aria-label={label}
      aria-describedby={describedBy}
      className="relative h-5 w-9 shrink-0 rounded-full bg-surface-4 ring-1 ring-line-strong transition-colors duration-100 ring-inset disabled:opacity-50 data-[state=checked]:bg-accent"
    >
      <Radix.Thumb className="block size-4 translate-x-0.5 rounded-full bg-ink shadow-card transition-transform duration-100 data-[state=checked]:translate-x-[1.125rem] data-[state=checked]:bg-on-accent" />
    </Radix.Root>
  );
}
