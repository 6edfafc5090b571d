/** What a platform's record means for its card and for a login. */
import type { PlatformRecord } from '@/lib/records';
import type { Permission } from '@/protocol/schema.gen';

/** Nobody is signed in, or no longer. */
export function isSignedOut(state: PlatformRecord['state']): boolean {
  return state === 'disconnected' || state === 'auth_required';
}

/** What a login asks for when these are added to what is switched on. */
export function withMore(
  { permissions }: PlatformRecord,
  more: readonly Permission[],
): readonly Permission[] {
  return permissions
    .filter(({ permission, is_on }) => is_on || more.includes(permission))
    .map(({ permission }) => permission);
}
