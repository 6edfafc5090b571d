/** What an item of the activity feed says: who, what, how much, and in which words. */
import {
  Coins,
  Flag,
  Flame,
  Gift,
  Heart,
  HandCoins,
  Megaphone,
  ShoppingBag,
  Sparkles,
  Star,
  StarOff,
  Swords,
  TrainFront,
} from 'lucide-react';
import type { Translate } from '@/lib/i18n';
import type { Activity } from '@/lib/live';
import type { EventOf } from '@/protocol/schema.gen';
import { ALONE, lineOf, person, type ActivityText, type Words } from './activity-line';
import { describeChannel } from './channel-text';
import { describeModeration } from './moderation-text';

/** Null for an event that the feed does not show. */
export function describe(item: Activity, words: Words): ActivityText | null {
  const { event, gifts } = item;
  const { t, number } = words;
  const line = lineOf(event, words);
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
        note: event.gifter ? t('activity.gifter', { name: event.gifter.name }) : '',
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
      return line('money', Sparkles, powerUpText(event, words), {
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
            ALONE,
          );
    case 'hype_train':
      return line('community', TrainFront, trainText(event, t), {
        ...ALONE,
        amount:
          event.phase !== 'end' && event.goal > 0
            ? `${number(event.progress)} / ${number(event.goal)}`
            : '',
        note:
          event.partners.length > 0
            ? t('activity.together', { names: event.partners.map(({ name }) => name).join(', ') })
            : '',
      });
    case 'goal':
      return line('community', Flag, goalText(event, words), {
        ...ALONE,
        amount: goalAmount(event, words),
      });
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
    case 'subscription_ended':
      return line(
        'community',
        StarOff,
        t(event.is_gift ? 'activity.subscriptionEnded.gift' : 'activity.subscriptionEnded'),
      );
    case 'reward_redemption':
    case 'reward_redemption_updated':
      return line('community', Sparkles, redemptionText(event, words), {
        amount: t('activity.points', { count: event.cost }),
        text: event.input,
        note: answerText(event, words),
      });
    default:
      return describeChannel(item, words) ?? describeModeration(item, words);
  }
}

function giftText(
  event: EventOf<'gift_subscription' | 'gift_subscription_bomb'>,
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
  const values = {
    count: Math.max(isBomb ? event.count : 0, told.length, gifts.length),
    tier: event.tier,
  };
  return { says: t('activity.bomb', values), recipients: told.length > 0 ? told : seen };
}

function trainText(event: EventOf<'hype_train'>, t: Translate): string {
  if (event.phase === 'begin') return t('activity.hypeTrain.begin');
  return event.phase === 'end'
    ? t('activity.hypeTrain.end', { level: event.level })
    : t('activity.hypeTrain.progress', { level: event.level });
}

/** The platform's own names are made for machines: only those that we have words for are told. */
function powerUpText(event: EventOf<'power_up'>, { t, tOr }: Words): string {
  return event.is_custom
    ? t('activity.powerUp.custom', { name: event.power_up })
    : tOr(`activity.powerUp.${event.power_up}`, t('activity.powerUp'));
}

function redemptionText(
  event: EventOf<'reward_redemption' | 'reward_redemption_updated'>,
  { t, tOr }: Words,
): string {
  return event.type === 'reward_redemption' && event.is_automatic
    ? tOr(`activity.redemption.automatic.${event.title}`, t('activity.redemption.automatic'))
    : t('activity.redemption', { title: event.title });
}

/** What became of it; one that is done at once needs no word for that. */
function answerText(
  event: EventOf<'reward_redemption' | 'reward_redemption_updated'>,
  { t }: Words,
): string {
  if (event.status === 'unfulfilled') return '';
  const isAtOnce = event.type === 'reward_redemption' && event.is_automatic;
  return isAtOnce ? '' : t(`activity.redemption.${event.status}`);
}

function goalText(event: EventOf<'goal'>, { t, tOr }: Words): string {
  const kind = tOr(`activity.goal.kind.${event.kind}`, event.kind);
  const text = event.description || kind || t('activity.untitled');
  if (event.phase !== 'end') {
    return t(event.phase === 'progress' ? 'activity.goal.progress' : 'activity.goal.begin', {
      text,
    });
  }
  return t(event.is_achieved ? 'activity.goal.achieved' : 'activity.goal.end', { text });
}

function goalAmount(event: EventOf<'goal'>, { number }: Words): string {
  if (event.current_amount && event.target_amount) {
    return `${event.current_amount.display} / ${event.target_amount.display}`;
  }
  return event.target > 0 ? `${number(event.current)} / ${number(event.target)}` : '';
}
