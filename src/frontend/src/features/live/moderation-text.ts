/** What the activity feed says about moderation: bans, warnings, filters, rules of the chat. */
import {
  Ban,
  Eraser,
  Eye,
  Filter,
  MessageCircleQuestion,
  ShieldAlert,
  ShieldCheck,
  SlidersHorizontal,
  TriangleAlert,
  Undo2,
  UserRoundCog,
} from 'lucide-react';
import type { Activity } from '@/lib/live';
import type { EventOf, User } from '@/protocol/schema.gen';
import { ALONE, lineOf, type ActivityText, type Words } from './activity-line';

/** Null for an event that is not about moderation. */
export function describeModeration({ event }: Activity, words: Words): ActivityText | null {
  const { t, tOr, time } = words;
  const line = lineOf(event, words);
  const by = (moderator: User | null) =>
    moderator ? t('activity.moderator', { name: moderator.name }) : '';

  switch (event.type) {
    case 'user_banned':
      return line(
        'moderation',
        Ban,
        event.ends_at
          ? t('activity.timedOut', { time: time(event.ends_at) })
          : t('activity.banned'),
        { text: event.reason, note: by(event.moderator) },
      );
    case 'user_unbanned':
      return line('moderation', Undo2, t('activity.unbanned'), { note: by(event.moderator) });
    case 'user_warned':
      return event.is_acknowledged
        ? line('moderation', TriangleAlert, t('activity.warned.acknowledged'))
        : line('moderation', TriangleAlert, t('activity.warned'), {
            text: event.reason || event.rules.join(' · '),
            note: by(event.moderator),
          });
    case 'role_changed':
      return line(
        'moderation',
        UserRoundCog,
        t(event.is_added ? 'activity.role.added' : 'activity.role.removed', {
          role: t(`role.${event.role}`),
        }),
        { note: by(event.moderator) },
      );
    case 'unban_request':
      return line(
        'moderation',
        MessageCircleQuestion,
        tOr(
          `activity.unbanRequest.${event.status.toLowerCase()}`,
          t('activity.unbanRequest.pending'),
        ),
        { text: event.text, note: [event.answer, by(event.moderator)].filter(Boolean).join(' · ') },
      );
    case 'automod_message':
      return line(
        'moderation',
        Filter,
        tOr(`activity.automod.${event.status.toLowerCase()}`, t('activity.automod.held')),
        { text: event.text, note: by(event.moderator) },
      );
    case 'shield_mode':
      return line(
        'moderation',
        event.is_active ? ShieldAlert : ShieldCheck,
        t(event.is_active ? 'activity.shield.on' : 'activity.shield.off'),
        { ...ALONE, note: by(event.moderator) },
      );
    case 'suspicious_user':
      return line(
        'moderation',
        Eye,
        tOr(`activity.suspicious.${event.status.toLowerCase()}`, t('activity.suspicious')),
        { text: event.text, note: by(event.moderator) },
      );
    case 'chat_mode_changed':
      return line('moderation', SlidersHorizontal, t('activity.chatMode'), {
        ...ALONE,
        note: chatRules(event, words),
      });
    case 'chat_cleared':
      return line('moderation', Eraser, t('activity.chatCleared'), ALONE);
    default:
      return null;
  }
}

/** The rules that were told, each as it stands now. */
function chatRules(event: EventOf<'chat_mode_changed'>, { t }: Words): string {
  const rules: string[] = [];
  const onOff = (name: 'emoteOnly' | 'subscribersOnly' | 'uniqueOnly', value: boolean | null) => {
    if (value !== null) rules.push(t(`activity.chatMode.${name}.${value ? 'on' : 'off'}`));
  };
  onOff('emoteOnly', event.emote_only);
  onOff('subscribersOnly', event.subscribers_only);
  onOff('uniqueOnly', event.unique_only);
  if (event.followers_only !== null) {
    const minutes = event.followers_only_minutes ?? 0;
    rules.push(
      event.followers_only
        ? t('activity.chatMode.followersOnly.on', { minutes })
        : t('activity.chatMode.followersOnly.off'),
    );
  }
  const seconds = event.slow_mode_s;
  if (seconds !== null) {
    rules.push(
      seconds > 0 ? t('activity.chatMode.slow.on', { seconds }) : t('activity.chatMode.slow.off'),
    );
  }
  return rules.join(' · ');
}
