/** Shows exactly what a module asks for, and what is new, before it may run. */
import { useEffect, useState } from 'react';
import { shortened } from '@/lib/names';
import { PlatformMark } from '@/components/platform/mark';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { ApiError } from '@/lib/api';
import { useReason } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { moduleName } from '@/lib/module-text';
import { byRisk } from '@/lib/permissions';
import { platformLook } from '@/lib/platforms';
import type { ModuleRecord } from '@/lib/records';
import { PermissionLine } from './permission-line';
import { useModuleAction } from './use-module-action';
import { review } from './wishes';

export function ConsentDialog({
  module,
  onClose,
}: {
  module: ModuleRecord | null;
  onClose: () => void;
}) {
  // Once it runs there is nothing left to decide.
  const open = module?.state === 'awaiting_consent';
  return module && open ? <OpenDialog key={module.id} module={module} onClose={onClose} /> : null;
}

function OpenDialog({ module, onClose }: { module: ModuleRecord; onClose: () => void }) {
  const { t, locale } = useI18n();
  const reason = useReason();
  const action = useModuleAction(module.id);
  const [firstDigest] = useState(module.digest);
  const armed = useArmed(module.digest);
  const wishes = review(module);
  const name = shortened(moduleName(module, locale), 60);
  const stale =
    module.digest !== firstDigest ||
    (action.error instanceof ApiError && action.error.status === 409);

  return (
    <Dialog
      open
      wide
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={t(wishes.isFirst ? 'consent.title' : 'consent.title.again', { name })}
      description={
        <p className="foreign">
          {t('consent.identity', {
            id: module.id,
            version: shortened(module.manifest?.version ?? '', 30),
          })}
          {module.manifest?.author
            ? ` · ${t('modules.by', { author: shortened(module.manifest.author) })}`
            : ''}
        </p>
      }
      actions={
        <>
          <Button onClick={onClose}>{t('consent.later')}</Button>
          <Button
            look="primary"
            disabled={!armed || action.isPending}
            onClick={() =>
              action.mutate(
                { do: 'approve', digest: module.digest, permissions: wishes.all },
                { onSuccess: onClose },
              )
            }
          >
            {t('consent.approve')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {stale ? <Notice live tone="warn" title={t('consent.stale')} /> : null}
        {action.isError && !stale ? (
          <Notice
            live
            tone="danger"
            title={t('consent.failed', { reason: reason(action.error) })}
          />
        ) : null}
        <Wishlist module={module} />
      </div>
    </Dialog>
  );
}

function Wishlist({ module }: { module: ModuleRecord }) {
  const { t } = useI18n();
  const { isFirst, all, added, removed, kept, asksMore } = review(module);
  const manifest = module.manifest;
  const gone = [
    ...byRisk(removed.permissions).map((permission) => ({ key: permission, permission, text: '' })),
    ...named(removed.requirements, (name) =>
      t('consent.platform.added', { name: platformLook(name).name }),
    ),
    ...named(removed.network, (name) => t('consent.host.added', { name })),
  ];
  return (
    <>
      {isFirst ? (
        <p>{all.length > 0 ? t('consent.lead') : t('consent.nothing')}</p>
      ) : (
        <p>{t(asksMore ? 'consent.change.more' : 'consent.change.code')}</p>
      )}
      {isFirst ? (
        <Permissions names={all} />
      ) : (
        <Permissions names={byRisk(added.permissions)} isNew />
      )}
      {!isFirst && added.requirements.length > 0 ? (
        <Platforms title={t('consent.platforms')} ids={added.requirements} />
      ) : null}
      {!isFirst && added.network.length > 0 ? (
        <Names title={t('consent.hosts')} names={added.network} />
      ) : null}
      {gone.length > 0 ? (
        <section>
          <h3 className="font-medium">{t('consent.change.less')}</h3>
          <ul className="mt-1 divide-y divide-line">
            {gone.map(({ key, permission, text }) => (
              <li key={key}>
                {permission ? (
                  <PermissionLine permission={permission} dimmed />
                ) : (
                  <p className="py-2.5 text-ink-muted foreign">{text}</p>
                )}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {!isFirst && kept.length > 0 ? (
        <section className="flex flex-col gap-1.5">
          <h3 className="font-medium">{t('consent.kept')}</h3>
          <Permissions names={kept} dimmed />
        </section>
      ) : null}
      {isFirst && manifest ? (
        <>
          <Platforms title={t('consent.platforms')} ids={manifest.requirements} />
          <Names title={t('consent.hosts')} names={manifest.network ?? []} />
        </>
      ) : null}
      <Names title={t('consent.calls')} names={manifest?.calls ?? []} />
      <Names title={t('consent.packages')} names={manifest?.python_dependencies ?? []} />
    </>
  );
}

function named(names: readonly string[], say: (name: string) => string) {
  return names.map((name) => ({ key: `name:${name}`, permission: null, text: say(name) }));
}

function Permissions({
  names,
  isNew = false,
  dimmed = false,
}: {
  names: ReturnType<typeof byRisk>;
  isNew?: boolean;
  dimmed?: boolean;
}) {
  if (names.length === 0) return null;
  return (
    <ul className="divide-y divide-line rounded-lg bg-surface-2 px-4 ring-1 ring-line ring-inset">
      {names.map((permission) => (
        <li key={permission}>
          <PermissionLine permission={permission} isNew={isNew} dimmed={dimmed} />
        </li>
      ))}
    </ul>
  );
}

function Platforms({ title, ids }: { title: string; ids: readonly string[] }) {
  const { t } = useI18n();
  if (ids.length === 0) return null;
  return (
    <section>
      <h3 className="font-medium">{title}</h3>
      <ul className="mt-1.5 flex flex-wrap gap-2">
        {ids.map((id) => (
          <li
            key={id}
            className="flex h-7 items-center gap-2 rounded-md bg-surface-3 px-2.5 foreign"
          >
            {id === '*' ? null : <PlatformMark id={id} decorative />}
            {id === '*' ? t('module.anyPlatform') : platformLook(id).name}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Names({ title, names }: { title: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <section>
      <h3 className="font-medium">{title}</h3>
      <ul className="mt-1.5 flex flex-wrap gap-2">
        {names.map((name) => (
          <li
            key={name}
            className="rounded-md bg-surface-3 px-2.5 py-1 font-mono text-xs break-all foreign"
          >
            {name}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Whoever clicks in the very moment something appears has not read it. */
const READING_MS = 700;

function useArmed(subject: string): boolean {
  const [armedFor, setArmedFor] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setArmedFor(subject), READING_MS);
    return () => clearTimeout(timer);
  }, [subject]);
  return armedFor === subject;
}
