/** What a module asks for, and what of it is new since the streamer last agreed. */
import { byRisk } from '@/lib/permissions';
import type { ModuleRecord, Wishes } from '@/lib/records';
import type { Permission } from '@/protocol/schema.gen';

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
