/** One line of the chat. */
import { FlaskConical, History, Megaphone } from 'lucide-react';
import { memo, useState } from 'react';
import { Fragments } from '@/components/foreign/fragments';
import { PersonName } from '@/components/foreign/person';
import { PlatformMark } from '@/components/platform/mark';
import { Badge } from '@/components/ui/badge';
import { cx } from '@/components/ui/cx';
import { useI18n, type Translate } from '@/lib/i18n';
import type { ChatEvent } from '@/lib/live';
import { shortened } from '@/lib/names';
import type { ChatMessageKind } from '@/protocol/schema.gen';
import { ChatBadges } from './chat-badges';

interface ChatRowProps {
  event: ChatEvent;
  removed: boolean;
}

const NEW_MS = 1500;

export const ChatRow = memo(function ChatRow({ event, removed }: ChatRowProps) {
  const { t, time } = useI18n();
  // A line that scrolls back into view has not just arrived.
  const [isNew] = useState(
    () => event.origin === 'live' && Date.now() - Date.parse(event.received_at) < NEW_MS,
  );
  const message = event.type === 'chat_message' ? event : null;
  const user = event.user;
  const isFirst = message !== null && user?.is_first_time === true;
  const isSpecial =
    event.type === 'chat_announcement' || message?.kind === 'highlighted' || isFirst;
  const fragments = event.type === 'platform_notice' ? [] : event.fragments;
  const reply = message?.reply_to ?? null;

  return (
    <div
      className={cx(
        'relative flex gap-2.5 px-3 py-[0.3125rem] leading-5 foreign hover:bg-surface-2',
        isNew && 'animate-slide-in',
        isSpecial && !removed && 'bg-accent-soft shadow-[inset_2px_0_var(--accent)]',
      )}
    >
      <PlatformMark id={event.platform} className="mt-0.5" />
      <div className="min-w-0 flex-1">
        {reply && !removed ? (
          <p className="truncate text-xs text-ink-faint">
            {t('chat.replyTo', { name: reply.user_name, text: reply.text })}
          </p>
        ) : null}
        <p className={cx('-my-1 max-h-60 overflow-hidden py-1', removed && 'text-ink-faint')}>
          {user ? <ChatBadges user={user} /> : null}
          {event.type === 'chat_announcement' ? (
            <Megaphone
              role="img"
              aria-label={t('chat.announcement')}
              className="mr-1.5 inline size-4 align-[-0.2em] text-accent"
            />
          ) : null}
          {user ? (
            <>
              <PersonName user={user} name={user.name} />
              {message?.kind === 'action' ? ' ' : ': '}
            </>
          ) : null}
          {removed ? (
            <i>{t('chat.removed')}</i>
          ) : (
            <bdi className={cx(message?.kind === 'action' && 'italic')}>
              <Fragments text={textOf(event, t)} fragments={fragments} />
            </bdi>
          )}
        </p>
      </div>
      <div className="flex shrink-0 items-start gap-1.5">
        {removed ? null : <Marks event={event} isFirst={isFirst} />}
        <time
          dateTime={event.at}
          className="text-xs leading-5 text-ink-faint tnum max-[30rem]:hidden"
        >
          {time(event.at)}
        </time>
      </div>
    </div>
  );
});

/** A notice without words is told by its name. */
function textOf(event: ChatEvent, t: Translate): string {
  if (event.type !== 'platform_notice' || event.text !== '') return event.text;
  return t('chat.notice', { name: event.name || event.raw_type });
}

function Kind({ kind }: { kind: ChatMessageKind }) {
  const { t } = useI18n();
  switch (kind) {
    case 'highlighted':
      return <Badge tone="good">{t('chat.highlighted')}</Badge>;
    case 'subscribers_only':
    case 'effect':
    case 'gigantic_emote':
      return <Badge>{t(`chat.kind.${kind}`)}</Badge>;
    default:
      return null;
  }
}

function Marks({ event, isFirst }: { event: ChatEvent; isFirst: boolean }) {
  const { t } = useI18n();
  const message = event.type === 'chat_message' ? event : null;
  return (
    <>
      {message && message.bits > 0 ? (
        <Badge tone="good" className="tnum">
          {t('chat.bits', { count: message.bits })}
        </Badge>
      ) : null}
      {isFirst ? <Badge tone="good">{t('chat.firstTime')}</Badge> : null}
      {event.type !== 'platform_notice' && event.partner ? (
        <Badge>
          <bdi>{t('chat.partner', { name: shortened(event.partner.name, 20) })}</bdi>
        </Badge>
      ) : null}
      {message ? <Kind kind={message.kind} /> : null}
      {event.origin === 'catch_up' ? (
        <History
          role="img"
          aria-label={t('activity.offlineMark')}
          className="mt-[0.1875rem] size-3.5 text-ink-faint"
        />
      ) : null}
      {event.is_test ? (
        <FlaskConical
          role="img"
          aria-label={t('common.test')}
          className="mt-[0.1875rem] size-3.5 text-ink-faint"
        />
      ) : null}
    </>
  );
}
