/** What a module may do, switchable one by one, and what it was refused. */
import { useQuery } from '@tanstack/react-query';
import { Notice } from '@/components/ui/notice';
import { Switch } from '@/components/ui/switch';
import { useCore } from '@/lib/core';
import { useReason } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { byRisk } from '@/lib/permissions';
import { auditQuery } from '@/lib/queries';
import type { ModuleRecord } from '@/lib/records';
import { PERMISSIONS } from '@/protocol/schema.gen';
import { PermissionLine } from './permission-line';
import { useModuleAction } from './use-module-action';

export function PermissionsTab({ module }: { module: ModuleRecord }) {
  const { t, locale } = useI18n();
  const reason = useReason();
  const action = useModuleAction(module.id);
  const wished = byRisk(module.manifest?.permissions ?? []);
  const decided = module.consent !== null && module.state !== 'awaiting_consent';

  return (
    <div className="flex flex-col gap-6">
      <section className="flex flex-col gap-3">
        <p className="text-ink-muted">
          {wished.length === 0
            ? t('permissions.none')
            : decided
              ? t('permissions.lead')
              : t('permissions.notYet')}
        </p>
        {action.isError ? (
          <Notice
            live
            tone="danger"
            title={t('module.actionFailed', { reason: reason(action.error) })}
          />
        ) : null}
        {wished.length > 0 ? (
          <ul className="divide-y divide-line rounded-lg bg-surface-2 px-4 ring-1 ring-line ring-inset">
            {wished.map((permission) => {
              const granted = module.granted.includes(permission);
              return (
                <li key={permission}>
                  <PermissionLine permission={permission} dimmed={decided && !granted}>
                    {decided ? (
                      <Switch
                        checked={granted}
                        disabled={action.isPending}
                        onCheckedChange={(allow) =>
                          action.mutate({ do: 'permissions', change: { [permission]: allow } })
                        }
                        label={t('permissions.toggle', {
                          permission: PERMISSIONS[permission][locale],
                        })}
                      />
                    ) : null}
                  </PermissionLine>
                </li>
              );
            })}
          </ul>
        ) : null}
      </section>
      <Denied moduleId={module.id} />
    </div>
  );
}

function Denied({ moduleId }: { moduleId: string }) {
  const { t, time } = useI18n();
  const { data: rows } = useQuery(auditQuery(useCore().api, moduleId));
  if (!rows) return null;
  return (
    <section className="flex flex-col gap-2">
      <h2 className="font-medium">{t('permissions.denied.title')}</h2>
      {rows.length === 0 ? (
        <p className="text-ink-muted">{t('permissions.denied.none')}</p>
      ) : (
        <>
          <p className="text-ink-muted">{t('permissions.denied.text')}</p>
          <ul className="divide-y divide-line">
            {rows.map((row) => (
              <li key={row.id} className="flex items-baseline gap-3 py-2 foreign">
                <time dateTime={row.at} className="shrink-0 text-xs text-ink-faint tnum">
                  {time(row.at)}
                </time>
                <span className="min-w-0">
                  <code className="font-mono text-xs">
                    {row.permission
                      ? t('permissions.denied.row', {
                          command: row.command ?? '',
                          permission: row.permission,
                        })
                      : row.command}
                  </code>
                  {row.detail ? <span className="text-ink-muted"> {row.detail}</span> : null}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
