/** What the activity feed says about the channel itself: stream, ads, polls, predictions, gaps. */
import {
  ChartColumn,
  Clapperboard,
  Megaphone,
  MessagesSquare,
  Pencil,
  Radio,
  Sparkles,
  Swords,
  TriangleAlert,
  Unplug,
} from 'lucide-react';
import type { Activity } from '@/lib/live';
import type { Choice, EventOf } from '@/protocol/schema.gen';
import { ALONE, lineOf, type ActivityText, type Words } from './activity-line';

/** Null for an event that is not about the channel. */
export function describeChannel({ event }: Activity, words: Words): ActivityText | null {
  const { t, tOr, time } = words;
  const line = lineOf(event, words);

  switch (event.type) {
    case 'poll':
      return line('stream', ChartColumn, ...pollText(event, words));
    case 'prediction':
      return line('stream', ChartColumn, ...predictionText(event, words));
    case 'reward_changed':
      return line(
        'stream',
        Sparkles,
        tOr(
          `activity.reward.${event.change}`,
          t('activity.reward.updated', { title: event.title }),
          { title: event.title },
        ),
        { ...ALONE, note: event.is_enabled ? '' : t('activity.reward.off') },
      );
    case 'stream_online':
      return line('stream', Radio, t('activity.online'), { ...ALONE, text: event.title });
    case 'stream_offline':
      return line('stream', Radio, t('activity.offline'), ALONE);
    case 'stream_updated':
      return line('stream', Pencil, t('activity.updated'), { ...ALONE, text: changes(event) });
    case 'ad_break':
      return line(
        'stream',
        Megaphone,
        event.phase === 'end'
          ? t('activity.ads.end')
          : t('activity.ads.begin', { count: event.duration_s }),
        { ...ALONE, note: event.is_automatic ? t('activity.ads.automatic') : '' },
      );
    case 'raid_outgoing':
      return line(
        'stream',
        Swords,
        t('activity.raidOut', {
          name: event.to_user?.name ?? t('activity.someone'),
          count: event.viewers,
        }),
        ALONE,
      );
    case 'shared_chat':
      return line('stream', MessagesSquare, t(`activity.sharedChat.${sharing(event.phase)}`), {
        ...ALONE,
        note: event.participants
          .filter(({ id }) => id !== event.channel_id)
          .map(({ name }) => name)
          .join(', '),
      });
    case 'clip_created':
      return line('stream', Clapperboard, t('activity.clip'), { text: event.title });
    case 'event_gap':
      return line(
        'stream',
        event.backfilled.length > 0 ? Unplug : TriangleAlert,
        event.from && event.to
          ? t('activity.gap', { from: time(event.from), to: time(event.to) })
          : t('activity.gap.open'),
        { ...ALONE, note: gapNote(event.backfilled, words) },
      );
    default:
      return null;
  }
}

type Said = readonly [says: string, more: Partial<ActivityText>];

function pollText(event: EventOf<'poll'>, { t }: Words): Said {
  const votes = event.choices.reduce((sum, choice) => sum + choice.votes, 0);
  const title = event.title || t('activity.untitled');
  const best = leader(event.choices);
  return [
    t(event.phase === 'end' ? 'activity.poll.end' : 'activity.poll.begin', { title }),
    {
      ...ALONE,
      amount: votes > 0 ? t('activity.votes', { count: votes }) : '',
      note: best
        ? t('activity.poll.ahead', {
            choice: best.title,
            percent: Math.round((best.votes / votes) * 100),
          })
        : '',
    },
  ];
}

function predictionText(event: EventOf<'prediction'>, { t }: Words): Said {
  const title = event.title || t('activity.untitled');
  if (event.phase === 'end' && event.status.toLowerCase().startsWith('cancel')) {
    return [t('activity.prediction.canceled', { title }), ALONE];
  }
  const won = event.outcomes.find(({ id }) => id === event.winning_outcome_id);
  const key = event.phase === 'end' || event.phase === 'lock' ? event.phase : 'begin';
  const points = event.outcomes.reduce((sum, outcome) => sum + outcome.points, 0);
  return [
    t(`activity.prediction.${key}`, { title }),
    {
      ...ALONE,
      amount: points > 0 ? t('activity.points', { count: points }) : '',
      note: won ? t('activity.prediction.won', { outcome: won.title }) : '',
    },
  ];
}

function sharing(phase: EventOf<'shared_chat'>['phase']) {
  return phase === 'end' || phase === 'progress' ? phase : 'begin';
}

/** The choice with the most votes; none while two lead together. */
function leader(choices: readonly Choice[]): Choice | null {
  const [first, second] = [...choices].sort((a, b) => b.votes - a.votes);
  return first && first.votes > 0 && first.votes !== second?.votes ? first : null;
}

/** What is new; everything, when the platform did not say what changed. */
function changes(event: EventOf<'stream_updated'>): string {
  const parts = (['title', 'category', 'language'] as const).filter((part) =>
    event.changed.length > 0 ? event.changed.includes(part) : part !== 'language',
  );
  return parts
    .map((part) => event[part])
    .filter((text) => text !== '')
    .join(' · ');
}

/** What was fetched afterwards, each kind once, and that the rest is not to be had. */
function gapNote(backfilled: readonly string[], { t, tOr }: Words): string {
  const kinds = new Set(
    backfilled.map((name) => tOr(`activity.backfilled.${name}`, t('activity.backfilled.other'))),
  );
  return kinds.size > 0
    ? t('activity.gap.backfilled', { kinds: [...kinds].join(', ') })
    : t('activity.gap.nothing');
}
