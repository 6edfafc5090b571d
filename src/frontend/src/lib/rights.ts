/** What a login to a platform allows, and what it lacks. */
import type { PermissionStatus, PlatformRecord } from './records';

/** Events come in, even if not all of them. */
export function isLinked(state: PlatformRecord['state']): boolean {
  return state === 'connected' || state === 'degraded';
}

/** The streamer's own account is at work; the demo stream can be connected without one. */
export function hasOwnAccount({ state, can_sign_in }: PlatformRecord): boolean {
  return isLinked(state) && !can_sign_in;
}

/** Rights that are switched on or that a module was allowed, and that the account at work lacks. */
export function missingRights(platform: PlatformRecord): readonly PermissionStatus[] {
  if (!hasOwnAccount(platform)) return [];
  return platform.permissions.filter(
    ({ is_on, is_granted, wanted_by }) => !is_granted && (is_on || wanted_by.length > 0),
  );
}
