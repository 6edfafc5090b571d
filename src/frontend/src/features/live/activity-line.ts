/** What an item of the activity feed consists of, and the small parts its sentences share. */
import type { LucideIcon } from 'lucide-react';
import type { MessageValues, Translate } from '@/lib/i18n';
import type { AnyEvent, Fragment, User } from '@/protocol/schema.gen';

export type ActivityKind = 'money' | 'community' | 'stream' | 'moderation';

export interface ActivityText {
  readonly kind: ActivityKind;
  readonly icon: LucideIcon;
  /** Null when the sentence stands alone. */
  readonly who: { readonly user: User | null; readonly name: string } | null;
  readonly says: string;
  readonly amount: string;
  /** What a viewer wrote. */
  readonly text: string;
  readonly fragments: readonly Fragment[];
  /** What else there is to say, in our words. */
  readonly note: string;
  readonly recipients: readonly string[];
}

export interface Words {
  readonly t: Translate;
  readonly tOr: (key: string, fallback: string, values?: MessageValues) => string;
  readonly number: (value: number) => string;
  readonly time: (iso: string) => string;
}

/** Makes the items of one event: who did it is known, the rest is filled in. */
export type Line = (
  kind: ActivityKind,
  icon: LucideIcon,
  says: string,
  more?: Partial<ActivityText>,
) => ActivityText;

export function lineOf(event: AnyEvent, { t }: Words): Line {
  const who = person(event.user, t);
  return (kind, icon, says, more = {}) => ({
    kind,
    icon,
    who,
    says,
    amount: '',
    text: '',
    fragments: [],
    note: '',
    recipients: [],
    ...more,
  });
}

/** For a sentence that names nobody first. */
export const ALONE = { who: null } as const;

export function person(user: User | null, t: Translate, given = ''): ActivityText['who'] {
  if (user?.is_anonymous) return { user: null, name: t('activity.anonymous') };
  return { user, name: user?.name || given || t('activity.someone') };
}
