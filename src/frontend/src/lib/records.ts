/** Names for what the core's HTTP interface and pushes hand out; the shapes are the generated ones. */
import type {
  BrowserFlow,
  Connected,
  DeviceFlow,
  TokenFlow,
  UsageRecord,
} from '@/protocol/schema.gen';

export type {
  AuditRow,
  ChatResults,
  LogLine,
  ModuleRecord,
  ModuleState,
  ModuleView,
  Option,
  Page,
  PermissionStatus,
  PlatformRecord,
  Problem,
  SessionToken,
  StorageStatus,
  SystemInfo,
  Wishes,
  Words,
} from '@/protocol/schema.gen';

export type ConnectFlow = DeviceFlow | BrowserFlow | TokenFlow | Connected;

/** Pushed instead of a record when the thing is gone. */
export interface RemovedRecord {
  readonly id: string;
  readonly removed: true;
}

/** Pushed once a second. */
export interface UsagePush {
  readonly modules: Readonly<Record<string, UsageRecord>>;
  readonly core: { readonly cpu_percent: number; readonly rss_mb: number };
}
