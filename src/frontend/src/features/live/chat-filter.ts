/** Which chat lines are shown. */
import type { ChatLine } from '@/lib/live';

export type RoleFilter = 'all' | 'team' | 'supporters' | 'first';

export interface ChatFilter {
  readonly search: string;
  /** Platforms that are hidden. */
  readonly hidden: ReadonlySet<string>;
  readonly role: RoleFilter;
}

export const SHOW_ALL: ChatFilter = { search: '', hidden: new Set(), role: 'all' };

export function isFiltering(filter: ChatFilter): boolean {
  return filter.search !== '' || filter.hidden.size > 0 || filter.role !== 'all';
}

const ROLES: Record<Exclude<RoleFilter, 'all' | 'first'>, readonly string[]> = {
  team: ['broadcaster', 'moderator', 'vip'],
  supporters: ['subscriber', 'member'],
};

export function filterLines(lines: readonly ChatLine[], filter: ChatFilter): readonly ChatLine[] {
  if (!isFiltering(filter)) return lines;
  const wanted = filter.search.trim().toLocaleLowerCase();
  return lines.filter(({ event }) => {
    if (filter.hidden.has(event.platform)) return false;
    const user = event.user;
    if (filter.role === 'first' && user?.is_first_time !== true) return false;
    if (filter.role === 'team' || filter.role === 'supporters') {
      const roles = ROLES[filter.role];
      if (!user?.roles.some((role) => roles.includes(role))) return false;
    }
    if (wanted === '') return true;
    return (
      event.text.toLocaleLowerCase().includes(wanted) ||
      (user?.name.toLocaleLowerCase().includes(wanted) ?? false)
    );
  });
}
