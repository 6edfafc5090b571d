/** Writes to one chat or to all; a text that was not sent is not lost. */
import { useMutation } from '@tanstack/react-query';
import { ChevronDown, Globe, SendHorizontal } from 'lucide-react';
import { useId, useState } from 'react';
import { PlatformMark } from '@/components/platform/mark';
import { cx } from '@/components/ui/cx';
import { IconButton } from '@/components/ui/icon-button';
import { Menu, MenuChoices, MenuLabel } from '@/components/ui/menu';
import { useCore, useLinkState } from '@/lib/core';
import { useReason } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { platformLook } from '@/lib/platforms';
import { usePlatforms } from '@/lib/queries';
import type { ChatResults, PlatformRecord } from '@/lib/records';
import { isLinked } from '@/lib/rights';
import { TARGET_ALL } from '@/protocol/schema.gen';

/** Three messages of the longest kind; the core splits at words. */
const LONGEST = 1500;

export function SendBox() {
  const { t } = useI18n();
  const { api } = useCore();
  const reason = useReason();
  const online = useLinkState() === 'online';
  const { data: platforms = [] } = usePlatforms();
  const speaking = platforms.filter(canSpeak);
  const [text, setText] = useState('');
  const [wanted, setWanted] = useState<string>(TARGET_ALL);
  const noteId = useId();
  const target = speaking.some(({ id }) => id === wanted) ? wanted : TARGET_ALL;

  const send = useMutation({
    mutationFn: (msg: string) => api.post<ChatResults>('/api/chat', { msg, target }),
    onSuccess: ({ results }) => {
      const refused = Object.values(results).every(({ ok }) => !ok);
      if (!refused) setText('');
    },
  });

  const notes = send.isError
    ? [t('send.failedAll', { reason: reason(send.error) })]
    : Object.entries(send.data?.results ?? {}).flatMap(([platform, result]) =>
        result.ok
          ? []
          : [
              t('send.failed', {
                platform: platformLook(platform).name,
                reason: reason(result.error),
              }),
            ],
      );
  const over = Array.from(text).length - LONGEST;
  if (over > 0) notes.push(t('send.tooLong', { count: over }));
  const able = online && speaking.length > 0;
  const ready = able && text.trim() !== '' && over <= 0 && !send.isPending;

  const placeholder = !online
    ? t('send.placeholder.offline')
    : speaking.length === 0
      ? t('send.placeholder.none')
      : t('send.placeholder');

  return (
    <form
      className="shrink-0 border-t border-line p-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) send.mutate(text.trim());
      }}
    >
      <p
        id={noteId}
        role="alert"
        className={cx('px-1 text-danger foreign', notes.length > 0 && 'pb-1.5')}
      >
        {notes.join(' ')}
      </p>
      <div className="flex items-center gap-1 rounded-md bg-surface-2 p-1 ring-1 ring-line ring-inset focus-within:ring-2 focus-within:ring-accent">
        <TargetMenu platforms={speaking} value={target} onChange={setWanted} />
        <input
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            if (!send.isPending) send.reset();
          }}
          disabled={!able}
          aria-label={t('send.label')}
          aria-describedby={noteId}
          aria-invalid={notes.length > 0}
          placeholder={placeholder}
          autoComplete="off"
          enterKeyHint="send"
          className="h-8 min-w-0 flex-1 bg-transparent px-1.5 outline-none placeholder:text-ink-faint disabled:cursor-default"
        />
        <IconButton
          type="submit"
          icon={SendHorizontal}
          label={t('send.button')}
          disabled={!ready}
          className={cx(
            'size-8',
            ready && 'bg-accent text-on-accent hover:bg-accent-strong hover:text-on-accent',
          )}
        />
      </div>
    </form>
  );
}

function canSpeak(platform: PlatformRecord): boolean {
  return isLinked(platform.state) && platform.capabilities.includes('send_chat');
}

function TargetMenu({
  platforms,
  value,
  onChange,
}: {
  platforms: readonly PlatformRecord[];
  value: string;
  onChange: (target: string) => void;
}) {
  const { t } = useI18n();
  const chosen = platforms.find(({ id }) => id === value);
  const name = chosen?.name ?? t('send.target.all');
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          disabled={platforms.length === 0}
          aria-label={`${t('send.target')}: ${name}`}
          className="flex h-8 shrink-0 items-center gap-1.5 rounded-sm bg-surface-3 px-2 text-ink-muted hover:bg-surface-4 hover:text-ink disabled:cursor-default disabled:text-ink-faint disabled:hover:bg-surface-3"
        >
          {chosen ? (
            <PlatformMark id={chosen.id} decorative />
          ) : (
            <Globe aria-hidden className="size-4" />
          )}
          <span className="text-[0.8125rem] max-[36rem]:hidden">{name}</span>
          <ChevronDown aria-hidden className="size-3.5" />
        </button>
      }
    >
      <MenuLabel>{t('send.target')}</MenuLabel>
      <MenuChoices
        label={t('send.target')}
        value={value}
        onChange={onChange}
        choices={[
          {
            value: TARGET_ALL,
            label: (
              <>
                <Globe aria-hidden className="size-4" />
                {t('send.target.all')}
              </>
            ),
          },
          ...platforms.map((platform) => ({
            value: platform.id,
            label: (
              <>
                <PlatformMark id={platform.id} decorative />
                {platform.name}
              </>
            ),
          })),
        ]}
      />
    </Menu>
  );
}
