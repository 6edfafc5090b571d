/** A dialog with its title, a scrolling body and a row of actions that stays in view. */
import * as Radix from '@radix-ui/react-dialog';
import { X } from 'lucide-react';
import { useRef, type ReactNode } from 'react';
import { useI18n } from '@/lib/i18n';
import { cx } from './cx';

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  actions,
  wide = false,
  children,
}: DialogProps) {
  const { t } = useI18n();
  const content = useRef<HTMLDivElement>(null);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade-in bg-overlay" />
        <Radix.Content
          ref={content}
          // Focus on the dialog itself: a key that was meant for the page before decides nothing.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            content.current?.focus();
          }}
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={cx(
            'fixed top-1/2 left-1/2 z-40 flex max-h-[min(46rem,calc(100dvh-1.5rem))] w-[calc(100vw-1.5rem)] -translate-x-1/2 -translate-y-1/2 animate-fade-in flex-col rounded-xl bg-surface-1 shadow-float ring-1 ring-line-strong outline-none',
            wide ? 'max-w-2xl' : 'max-w-md',
          )}
        >
          <header className="flex items-start gap-3 px-5 pt-5 pb-3">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-lg leading-6 font-semibold text-balance foreign">
                {title}
              </Radix.Title>
              {description ? (
                <Radix.Description asChild>
                  <div className="mt-1 text-ink-muted">{description}</div>
                </Radix.Description>
              ) : null}
            </div>
            <Radix.Close
              aria-label={t('common.close')}
              className="-mt-0.5 -mr-1 flex size-7 shrink-0 items-center justify-center rounded-md text-ink-muted hover:bg-surface-3 hover:text-ink"
            >
              <X aria-hidden className="size-4" />
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
          {actions ? (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3.5">
              {actions}
            </footer>
          ) : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
