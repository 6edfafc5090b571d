/** What a platform's record means for the streamer. */
import type { PermissionStatus, PlatformRecord } from '@/lib/records';
import type { Permission } from '@/protocol/schema.gen';

type State = PlatformRecord['state'];

/** Events come in, even if not all of them. */
export function isLinked(state: State): boolean {
  return state === 'connected' || state === 'degraded';
}

/** Nobody is signed in, or no longer. */
export function isSignedOut(state: State): boolean {
  return state === 'disconnected' || state === 'auth_required';
}

/** The streamer's own account is at work; the demo stream can be connected without one. */
export function hasOwnAccount({ state, can_sign_in }: PlatformRecord): boolean {
  return isLinked(state) && !can_sign_in;
}

/** Rights that are switched on or that a module was allowed, and that the login lacks. */
export function missing({ permissions }: PlatformRecord): readonly PermissionStatus[] {
  return permissions.filter(
    ({ is_on, is_granted, wanted_by }) => !is_granted && (is_on || wanted_by.length > 0),
  );
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
