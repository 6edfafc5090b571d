/** What an item of the activity feed says: who, what, how much, and in which words. */
import {
  Ban,
  ChartColumn,
  Clapperboard,
  Coins,
  Flag,
  Flame,
  Gift,
  Heart,
  HandCoins,
  Megaphone,
  Radio,
  ShoppingBag,
  Sparkles,
  Star,
  Swords,
  TrainFront,
  TriangleAlert,
  Unplug,
  type LucideIcon,
} from 'lucide-react';
import type { MessageValues, Translate } from '@/lib/i18n';
import type { Activity } from '@/lib/live';
import type { AnyEvent, Fragment, User } from '@/protocol/schema.gen';

export type ActivityKind = 'money' | 'community' | 'stream';

export interface ActivityText {
  readonly kind: ActivityKind;
  readonly icon: LucideIcon;
  /** Null when the sentence stands alone. */
  readonly who: { readonly user: User | null; readonly name: string } | null;
  readonly says: string;
  readonly amount: string;
  readonly text: string;
  readonly fragments: readonly Fragment[];
  readonly recipients: readonly string[];
}

export interface Words {
  readonly t: Translate;
  readonly number: (value: number) => string;
  readonly time: (iso: string) => string;
}

/** Null for an event that the feed does not show. */
export function describe({ event, gifts }: Activity, words: Words): ActivityText | null {
  const { t, number, time } = words;
  const who = person(event.user, t);
  const line = (
    kind: ActivityKind,
    icon: LucideIcon,
    says: string,
    more: Partial<ActivityText> = {},
  ): ActivityText => ({
    kind,
    icon,
    who,
    says,
    amount: '',
    text: '',
    fragments: [],
    recipients: [],
    ...more,
  });
  const alone = { who: null };
  const bits = (count: number) => t('chat.bits', { count });

  switch (event.type) {
    case 'follow':
      return line('community', Heart, t('activity.follow'));
    case 'subscription':
      if (event.is_gift) {
        return line('community', Gift, t('activity.subscription.gift', { tier: event.tier }));
      }
      return line(
        'community',
        Star,
        event.is_prime
          ? t('activity.subscription.prime')
          : t('activity.subscription', { tier: event.tier }),
      );
    case 'resubscription':
      return line('community', Star, t('activity.resubscription', { months: event.months }), {
        text: event.text,
        fragments: event.fragments,
      });
    case 'gift_subscription':
    case 'gift_subscription_bomb':
      return { ...line('community', Gift, ''), ...giftText(event, gifts, words) };
    case 'subscription_upgraded':
      return line('community', Star, t('activity.upgraded'));
    case 'raid':
      return line('community', Swords, t('activity.raid', { count: event.viewers }), {
        who: person(event.from ?? event.user, t),
      });
    case 'cheer':
      return line('money', Coins, t('activity.cheer'), {
        amount: bits(event.bits),
        text: event.text,
        fragments: event.fragments,
      });
    case 'power_up':
      return line('money', Sparkles, t('activity.powerUp'), {
        amount: bits(event.bits),
        text: event.text,
      });
    case 'watch_streak':
      return line('community', Flame, t('activity.watchStreak', { count: event.streams }), {
        text: event.text,
      });
    case 'shoutout':
      return event.is_received
        ? line('community', Megaphone, t('activity.shoutout.received'))
        : line(
            'community',
            Megaphone,
            t('activity.shoutout.sent', { name: event.to_user?.name ?? t('activity.someone') }),
            alone,
          );
    case 'hype_train':
      return line('community', TrainFront, trainText(event, t), alone);
    case 'goal': {
      const text = event.description || event.kind || t('activity.untitled');
      const amount = event.target > 0 ? `${number(event.current)} / ${number(event.target)}` : '';
      const key = event.phase !== 'end' ? 'begin' : event.is_achieved ? 'achieved' : 'end';
      return line('community', Flag, t(`activity.goal.${key}`, { text }), { ...alone, amount });
    }
    case 'donation':
      return line('money', HandCoins, t('activity.donation'), {
        who: person(event.user, t, event.donor),
        amount: event.amount.display,
        text: event.text,
      });
    case 'super_chat':
      return line('money', HandCoins, t('activity.superChat'), {
        amount: event.amount.display,
        text: event.text,
        fragments: event.fragments,
      });
    case 'super_sticker':
      return line('money', HandCoins, t('activity.superSticker'), {
        amount: event.amount.display,
        text: event.text,
      });
    case 'platform_gift':
      return line(
        'money',
        Gift,
        event.combo > 1
          ? t('activity.platformGift.combo', { name: event.name, count: event.combo })
          : t('activity.platformGift', { name: event.name }),
        { amount: event.amount.display, text: event.text },
      );
    case 'charity_donation':
      return line('money', HandCoins, t('activity.charity', { name: event.charity }), {
        amount: event.amount.display,
        text: event.text,
      });
    case 'membership_payment':
      return line('money', Star, t('activity.membership', { name: event.level_name }), {
        amount: event.amount.display,
        text: event.text,
      });
    case 'shop_order':
      return line('money', ShoppingBag, t('activity.order', { name: event.item }), {
        amount: event.amount.display,
        text: event.text,
      });
    case 'reward_redemption':
      return line('community', Sparkles, t('activity.redemption', { title: event.title }), {
        amount: t('activity.points', { count: event.cost }),
        text: event.input,
      });
    case 'poll': {
      const votes = event.choices.reduce((sum, choice) => sum + choice.votes, 0);
      const title = event.title || t('activity.untitled');
      return line(
        'stream',
        ChartColumn,
        t(event.phase === 'end' ? 'activity.poll.end' : 'activity.poll.begin', { title }),
        { ...alone, amount: votes > 0 ? t('activity.votes', { count: votes }) : '' },
      );
    }
    case 'prediction': {
      const key = event.phase === 'end' || event.phase === 'lock' ? event.phase : 'begin';
      const title = event.title || t('activity.untitled');
      return line('stream', ChartColumn, t(`activity.prediction.${key}`, { title }), alone);
    }
    case 'stream_online':
      return line('stream', Radio, t('activity.online'), { ...alone, text: event.title });
    case 'stream_offline':
      return line('stream', Radio, t('activity.offline'), alone);
    case 'ad_break':
      return line(
        'stream',
        Megaphone,
        event.phase === 'end'
          ? t('activity.ads.end')
          : t('activity.ads.begin', { count: event.duration_s }),
        alone,
      );
    case 'raid_outgoing':
      return line(
        'stream',
        Swords,
        t('activity.raidOut', {
          name: event.to_user?.name ?? t('activity.someone'),
          count: event.viewers,
        }),
        alone,
      );
    case 'clip_created':
      return line('stream', Clapperboard, t('activity.clip'), { text: event.title });
    case 'user_banned':
      return line(
        'stream',
        Ban,
        event.ends_at
          ? t('activity.timedOut', { time: time(event.ends_at) })
          : t('activity.banned'),
        { text: event.reason },
      );
    case 'event_gap':
      return line(
        'stream',
        event.backfilled.length > 0 ? Unplug : TriangleAlert,
        t('activity.gap', {
          from: event.from ? time(event.from) : t('common.none'),
          to: event.to ? time(event.to) : t('common.none'),
        }),
        alone,
      );
    default:
      return null;
  }
}

function person(user: User | null, t: Translate, given = ''): ActivityText['who'] {
  if (user?.is_anonymous) return { user: null, name: t('activity.anonymous') };
  return { user, name: user?.name || given || t('activity.someone') };
}

function giftText(
  event: Extract<AnyEvent, { type: 'gift_subscription' | 'gift_subscription_bomb' }>,
  gifts: Activity['gifts'],
  { t }: Words,
): Partial<ActivityText> {
  if (event.type === 'gift_subscription' && event.group_id === null) {
    const name = event.recipient?.name ?? t('activity.someone');
    return { says: t('activity.gift', { name }) };
  }
  const isBomb = event.type === 'gift_subscription_bomb';
  const told = isBomb ? event.recipients.map(({ name }) => name) : [];
  const seen = gifts.flatMap(({ recipient }) => recipient?.name ?? []);
  const values: MessageValues = {
    count: Math.max(isBomb ? event.count : 0, told.length, gifts.length),
    tier: event.tier,
  };
  return { says: t('activity.bomb', values), recipients: told.length > 0 ? told : seen };
}

function trainText(event: Extract<AnyEvent, { type: 'hype_train' }>, t: Translate): string {
  if (event.phase === 'begin') return t('activity.hypeTrain.begin');
  return event.phase === 'end'
    ? t('activity.hypeTrain.end', { level: event.level })
    : t('activity.hypeTrain.progress', { level: event.level });
}
