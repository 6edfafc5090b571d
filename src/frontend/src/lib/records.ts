/** The things that the core's HTTP interface hands out, beside the protocol's own types. */
import type { Account, Manifest, Permission, PlatformStateName } from '@/protocol/schema.gen';

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export type ModuleState =
  | 'invalid'
  | 'awaiting_consent'
  | 'disabled'
  | 'starting'
  | 'running'
  | 'backing_off'
  | 'failed'
  | 'stopping';

export interface ModuleProblem {
  readonly file: string;
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

export interface Wishes {
  readonly permissions: readonly string[];
  readonly requirements: readonly string[];
  readonly network: readonly string[];
}

export interface ModuleUsage {
  readonly cpu_percent: number;
  readonly rss_mb: number;
  readonly events_per_s: number;
  readonly commands_per_s: number;
}

export interface ModuleRecord {
  readonly id: string;
  readonly source: 'user' | 'bundled';
  /** Null when the file could not be read at all. */
  readonly manifest: Manifest | null;
  readonly state: ModuleState;
  readonly problems: readonly ModuleProblem[];
  readonly warnings?: readonly ModuleProblem[];
  readonly digest: string;
  readonly granted: readonly string[];
  readonly consent: (Wishes & { readonly digest: string; readonly at: string }) | null;
  readonly changed: {
    readonly code: boolean;
    readonly added: Wishes;
    readonly removed: Wishes;
  } | null;
  readonly sandbox: { readonly level: string } | null;
  readonly usage: ModuleUsage | null;
  readonly restarts: number;
  readonly last_error: {
    readonly at: string;
    readonly exit: string;
    readonly lines: readonly string[];
  } | null;
}

export interface RemovedRecord {
  readonly id: string;
  readonly removed: true;
}

export interface PlatformRecord {
  readonly id: string;
  readonly name: string;
  readonly state: PlatformStateName;
  /** Whether a login can begin now: also while the demo stream plays in the platform's place. */
  readonly can_sign_in: boolean;
  readonly reason: string | null;
  readonly account: Account | null;
  readonly capabilities: readonly string[];
  readonly scopes: readonly string[];
  readonly last_event_at: string | null;
  readonly quota: Readonly<Record<string, unknown>> | null;
}

export interface ModuleViewRecord {
  readonly id: string;
  readonly title?: string | Readonly<Record<string, string>>;
  readonly kind?: string;
  readonly width?: number;
  readonly height?: number;
  readonly path?: string;
  /** The address that OBS takes, key included. */
  readonly url: string;
}

export interface LogLine {
  readonly at: string;
  readonly stream: 'stdout' | 'stderr' | 'log';
  readonly level: string;
  readonly text: string;
}

export interface AuditRow {
  readonly id: string;
  readonly at: string;
  readonly kind: 'denied' | 'consent' | 'action';
  readonly module_id: string | null;
  readonly command: string | null;
  readonly permission: string | null;
  readonly detail: string;
}

export interface UsagePush {
  readonly modules: Readonly<Record<string, ModuleUsage>>;
  readonly core: { readonly cpu_percent: number; readonly rss_mb: number };
}

export type ConnectFlow =
  | {
      readonly flow: 'device';
      readonly user_code: string;
      readonly verification_uri: string;
      readonly expires_at?: string;
    }
  | { readonly flow: 'browser'; readonly url: string }
  | { readonly flow: 'token'; readonly fields: readonly TokenField[]; readonly reason?: string }
  | { readonly flow: 'connected' };

export interface TokenField {
  readonly name: string;
  readonly title: Readonly<Record<string, string>>;
  readonly help?: Readonly<Record<string, string>>;
  readonly is_secret?: boolean;
}

export interface SendResult {
  readonly ok: boolean;
  readonly error?: { readonly code: string; readonly message: string };
}

export type { Permission };
