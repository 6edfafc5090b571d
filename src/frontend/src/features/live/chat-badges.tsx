/** The marks before a name: the platform's own pictures, or our icons for the roles that matter. */
import { Award, BadgeCheck, Bot, Crown, Gem, Shield, Star, type LucideIcon } from 'lucide-react';
import { ForeignImage } from '@/components/foreign/image';
import type { MessageKey } from '@/lib/i18n';
import { useI18n } from '@/lib/i18n';
import type { Badge, Role, User } from '@/protocol/schema.gen';

interface RoleMark {
  readonly role: Role;
  readonly icon: LucideIcon;
  readonly name: MessageKey;
}

/** Only roles that change how a message is read; a follower is nearly everybody. */
const MARKS: readonly RoleMark[] = [
  { role: 'broadcaster', icon: Crown, name: 'role.broadcaster' },
  { role: 'moderator', icon: Shield, name: 'role.moderator' },
  { role: 'vip', icon: Gem, name: 'role.vip' },
  { role: 'subscriber', icon: Star, name: 'role.subscriber' },
  { role: 'member', icon: Star, name: 'role.member' },
  { role: 'verified', icon: BadgeCheck, name: 'role.verified' },
  { role: 'bot', icon: Bot, name: 'role.bot' },
];

const MOST = 4;

export function ChatBadges({ user }: { user: User }) {
  const { t } = useI18n();
  const pictures = user.badges.filter((badge) => badge.image_url !== null).slice(0, MOST);
  const icons = MARKS.filter(({ role }) => user.roles.includes(role));
  if (pictures.length > 0) {
    return pictures.map((badge) => (
      <PictureBadge key={`${badge.set}/${badge.id}`} badge={badge} icons={icons} />
    ));
  }
  return icons
    .slice(0, MOST)
    .map(({ role, icon: Icon, name }) => (
      <Icon
        key={role}
        role="img"
        aria-label={t(name)}
        className="mr-1.5 inline size-[0.9375rem] align-[-0.16em] text-ink-muted"
      />
    ));
}

/** The picture; where it may not or cannot be shown, our sign of that role, or one for any badge. */
function PictureBadge({ badge, icons }: { badge: Badge; icons: readonly RoleMark[] }) {
  const { t } = useI18n();
  const own = icons.find(({ role }) => role === badge.set);
  const title = badge.title || (own ? t(own.name) : badge.set) || t('chat.badge');
  const Icon = own?.icon ?? Award;
  return (
    <ForeignImage
      url={badge.image_url}
      alt={title}
      className="mr-1.5 inline size-[1.125rem] align-[-0.25em]"
      fallback={
        <Icon
          role="img"
          aria-label={title}
          className="mr-1.5 inline size-[0.9375rem] align-[-0.16em] text-ink-muted"
        />
      }
    />
  );
}
