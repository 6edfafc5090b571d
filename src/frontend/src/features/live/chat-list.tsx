/** The messages: virtualised, following the newest, still while they are pointed at or scrolled up. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, MessagesSquare, Pause, SearchX } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Skeleton } from '@/components/ui/skeleton';
import { useI18n } from '@/lib/i18n';
import type { ChatLine } from '@/lib/live';
import { ChatRow } from './chat-row';
import { usePause } from './use-pause';

interface ChatListProps {
  lines: readonly ChatLine[];
  removed: ReadonlySet<string>;
  skipped: number;
  isLoading: boolean;
  isFiltered: boolean;
  onReset: () => void;
}

/** Closer to the end than this counts as being there. */
const END_PX = 48;

export function ChatList({
  lines,
  removed,
  skipped,
  isLoading,
  isFiltered,
  onReset,
}: ChatListProps) {
  const { t } = useI18n();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [held, setHeld] = useState(false);
  const { shown, waiting, isPaused } = usePause(lines, held || !atEnd);

  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 30,
    getItemKey: useCallback((index: number) => shown[index]?.id ?? index, [shown]),
    overscan: 12,
    paddingStart: 8,
    paddingEnd: 8,
    initialRect: { width: 400, height: 600 },
  });
  const size = virtualizer.getTotalSize();
  useStickToEnd(scroller, content, !isPaused);

  const resume = () => {
    setHeld(false);
    setAtEnd(true);
  };

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={t('chat.log')}
        // A list that scrolls must be reachable by the keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onScroll={(event) => {
          const element = event.currentTarget;
          const rest = element.scrollHeight - element.scrollTop - element.clientHeight;
          setAtEnd(rest <= END_PX);
        }}
        onPointerEnter={(event) => setHeld(event.pointerType === 'mouse')}
        onPointerLeave={() => setHeld(false)}
        className="h-full overflow-x-hidden overflow-y-auto overscroll-contain -outline-offset-2 [overflow-anchor:none]"
      >
        <div ref={content} className="relative w-full" style={{ height: size }}>
          {virtualizer.getVirtualItems().map((item) => {
            const line = shown[item.index];
            return line ? (
              <div
                key={item.key}
                ref={virtualizer.measureElement}
                data-index={item.index}
                className="absolute top-0 left-0 w-full"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <ChatRow event={line.event} removed={removed.has(line.id)} />
              </div>
            ) : null;
          })}
        </div>
      </div>
      {shown.length === 0 ? (
        <div className="pointer-events-none absolute inset-0 *:pointer-events-auto">
          <NothingHere isLoading={isLoading} isFiltered={isFiltered} onReset={onReset} />
        </div>
      ) : null}
      {isPaused && (waiting > 0 || !atEnd) ? (
        <div className="pointer-events-none absolute inset-x-0 bottom-2 flex justify-center">
          <button
            type="button"
            onClick={resume}
            className="pointer-events-auto flex h-8 animate-fade-in items-center gap-2 rounded-full bg-accent px-3.5 font-semibold text-on-accent shadow-float tnum hover:bg-accent-strong"
          >
            {atEnd ? (
              <Pause aria-label={t('chat.paused')} className="size-4" />
            ) : (
              <ArrowDown aria-hidden className="size-4" />
            )}
            {t('chat.new', { count: waiting })}
          </button>
        </div>
      ) : null}
      {skipped > 0 ? (
        <p role="status" className="sr-only">
          {t('chat.skipped', { count: skipped })}
        </p>
      ) : null}
    </div>
  );
}

/** Rows grow when they are measured, and the box changes with the window: stay at the end. */
function useStickToEnd(
  scroller: RefObject<HTMLDivElement | null>,
  content: RefObject<HTMLDivElement | null>,
  sticking: boolean,
): void {
  useLayoutEffect(() => {
    if (sticking) toEnd(scroller.current);
  });

  useEffect(() => {
    if (!sticking || !scroller.current || !content.current) return undefined;
    const observer = new ResizeObserver(() => toEnd(scroller.current));
    observer.observe(scroller.current);
    observer.observe(content.current);
    return () => observer.disconnect();
  }, [scroller, content, sticking]);
}

function toEnd(element: HTMLElement | null): void {
  if (element) element.scrollTop = element.scrollHeight;
}

function NothingHere({
  isLoading,
  isFiltered,
  onReset,
}: Pick<ChatListProps, 'isLoading' | 'isFiltered' | 'onReset'>) {
  const { t } = useI18n();
  if (isLoading) {
    return (
      <div className="p-4">
        <Skeleton rows={8} />
      </div>
    );
  }
  if (isFiltered) {
    return (
      <Empty
        icon={SearchX}
        title={t('chat.noMatch.title')}
        text={t('chat.noMatch.text')}
        action={<Button onClick={onReset}>{t('chat.reset')}</Button>}
      />
    );
  }
  return <Empty icon={MessagesSquare} title={t('chat.empty.title')} text={t('chat.empty.text')} />;
}
