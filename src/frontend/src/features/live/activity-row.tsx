/** One item of the activity feed. */
import { History } from 'lucide-react';
import { memo, useState } from 'react';
import { Fragments } from '@/components/foreign/fragments';
import { PersonName } from '@/components/foreign/person';
import { shortened } from '@/lib/names';
import { PlatformMark } from '@/components/platform/mark';
import { Badge } from '@/components/ui/badge';
import { cx } from '@/components/ui/cx';
import { useI18n } from '@/lib/i18n';
import type { AnyEvent } from '@/protocol/schema.gen';
import type { ActivityText } from './activity-line';

const NEW_MS = 1500;

export const ActivityRow = memo(function ActivityRow({
  event,
  words,
}: {
  event: AnyEvent;
  words: ActivityText;
}) {
  const { t, time } = useI18n();
  const isLate = event.origin === 'catch_up';
  const [isNew] = useState(() => !isLate && Date.now() - Date.parse(event.received_at) < NEW_MS);
  const Icon = words.icon;
  const isMoney = words.kind === 'money';
  return (
    <article
      className={cx(
        'flex gap-3 px-3 py-2.5 foreign hover:bg-surface-2',
        isNew && 'animate-slide-in',
      )}
    >
      <span
        className={cx(
          'relative flex size-8 shrink-0 items-center justify-center rounded-full',
          isMoney ? 'bg-accent-soft text-accent' : 'bg-surface-3 text-ink-muted',
        )}
      >
        <Icon aria-hidden className="size-4" />
        {event.platform ? (
          <PlatformMark
            id={event.platform}
            className="absolute -right-1 -bottom-1 size-3.5 rounded-sm ring-2 ring-surface-1"
          />
        ) : null}
      </span>
      <div className="min-w-0 flex-1">
        <p className="leading-5">
          {words.who ? (
            <>
              <PersonName user={words.who.user} name={words.who.name} />{' '}
            </>
          ) : null}
          <bdi className="text-ink-muted">{words.says}</bdi>
        </p>
        {words.text ? (
          <p className="mt-0.5 line-clamp-4 text-ink">
            <bdi>
              <Fragments text={words.text} fragments={words.fragments} />
            </bdi>
          </p>
        ) : null}
        {words.note ? (
          <p className="mt-0.5 text-[0.8125rem] text-ink-faint">
            <bdi>{words.note}</bdi>
          </p>
        ) : null}
        {isLate ? (
          <p className="mt-0.5 flex items-center gap-1.5 text-[0.8125rem] text-ink-faint">
            <History aria-hidden className="size-3.5 shrink-0" />
            {t('activity.offlineMark')}
          </p>
        ) : null}
        {words.recipients.length > 0 ? <Recipients names={words.recipients} /> : null}
      </div>
      <div className="flex shrink-0 flex-col items-end gap-0.5">
        {words.amount ? (
          <span className={cx('max-w-36 truncate font-semibold tnum', isMoney && 'text-accent')}>
            {words.amount}
          </span>
        ) : null}
        <span className="flex items-center gap-1.5">
          {event.is_test ? <Badge>{t('common.test')}</Badge> : null}
          <time dateTime={event.at} className="text-xs leading-5 text-ink-faint tnum">
            {time(event.at)}
          </time>
        </span>
      </div>
    </article>
  );
});

const NAMED = 5;

function Recipients({ names }: { names: readonly string[] }) {
  const { t } = useI18n();
  const rest = names.length - NAMED;
  return (
    <p className="mt-0.5 text-[0.8125rem] text-ink-muted">
      {names.slice(0, NAMED).map((name, index) => (
        <span key={index}>
          {index > 0 ? ', ' : ''}
          <bdi>{shortened(name, 24)}</bdi>
        </span>
      ))}
      {rest > 0 ? ` ${t('activity.recipients.more', { count: rest })}` : ''}
    </p>
  );
}
