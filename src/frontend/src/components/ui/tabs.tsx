/** Tabs: a row of names and the panel of the chosen one. */
import * as Radix from '@radix-ui/react-tabs';
import { useEffect, useRef, type ReactNode } from 'react';
import { cx } from './cx';

export interface TabSpec {
  readonly id: string;
  readonly label: ReactNode;
  readonly content: ReactNode;
}

interface TabsProps {
  label: string;
  tabs: readonly TabSpec[];
  value: string;
  onChange: (id: string) => void;
  className?: string;
  panelClassName?: string;
}

export function Tabs({ label, tabs, value, onChange, className, panelClassName }: TabsProps) {
  const list = useRef<HTMLDivElement>(null);

  // In a narrow dock the row of names scrolls: the chosen one is always in view.
  useEffect(() => {
    const chosen = list.current?.querySelector('[data-state=active]');
    chosen?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [value]);

  return (
    <Radix.Root
      value={value}
      onValueChange={onChange}
      className={cx('flex min-h-0 flex-col', className)}
    >
      <Radix.List
        ref={list}
        aria-label={label}
        className="flex shrink-0 gap-1 overflow-x-auto border-b border-line [scrollbar-width:none]"
      >
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.id}
            value={tab.id}
            className="relative flex h-10 shrink-0 items-center gap-2 px-3 font-medium text-ink-muted -outline-offset-2 transition-colors duration-100 hover:text-ink data-[state=active]:text-ink data-[state=active]:after:absolute data-[state=active]:after:inset-x-3 data-[state=active]:after:bottom-0 data-[state=active]:after:h-0.5 data-[state=active]:after:rounded-full data-[state=active]:after:bg-accent"
          >
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content
          key={tab.id}
          value={tab.id}
          className={cx('min-h-0 outline-none', panelClassName)}
        >
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
