/** What a module asks for, and what of it is new since the streamer last agreed. */
import type { ModuleRecord, Wishes } from '@/lib/records';
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

const NOTHING: Wishes = { permissions: [], requirements: [], network: [] };

export interface Review {
  readonly isFirst: boolean;
  readonly all: readonly Permission[];
  readonly added: Wishes;
  readonly removed: Wishes;
  /** Allowed before and still wished for. */
  readonly kept: readonly Permission[];
  readonly asksMore: boolean;
}

export function review(module: ModuleRecord): Review {
  const all = byRisk(module.manifest?.permissions ?? []);
  const changed = module.changed;
  const isFirst = module.consent === null || changed === null;
  const added = changed?.added ?? NOTHING;
  const removed = changed?.removed ?? NOTHING;
  return {
    isFirst,
    all,
    added,
    removed,
    kept: all.filter((permission) => !added.permissions.includes(permission)),
    asksMore: Object.values(added).some((names: readonly string[]) => names.length > 0),
  };
}
