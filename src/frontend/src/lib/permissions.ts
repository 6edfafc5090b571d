/** The protocol's permissions by name, and in the order in which people should read them. */
import { PERMISSIONS, type Permission, type Risk } from '@/protocol/schema.gen';

export function isPermission(name: string): name is Permission {
  return Object.hasOwn(PERMISSIONS, name);
}

const ORDER: Record<Risk, number> = { high: 0, medium: 1, low: 2 };

/** Most dangerous first: that is what must be read. */
export function byRisk(names: readonly string[]): readonly Permission[] {
  return names
    .filter(isPermission)
    .sort((a, b) => ORDER[PERMISSIONS[a].risk] - ORDER[PERMISSIONS[b].risk]);
}
