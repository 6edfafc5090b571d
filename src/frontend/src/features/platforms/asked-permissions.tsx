/** What a login asks for, in words; other choices begin it anew. */
import { Check } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { useI18n } from '@/lib/i18n';
import type { PlatformRecord } from '@/lib/records';
import { PERMISSIONS, type Permission } from '@/protocol/schema.gen';

interface AskedPermissionsProps {
  platform: PlatformRecord;
  /** Given when a login shall allow more than before: only what is new is told then. */
  more: readonly Permission[] | null;
  isBusy: boolean;
  onChange: (permissions: readonly Permission[]) => void;
}

export function AskedPermissions({ platform, more, isBusy, onChange }: AskedPermissionsProps) {
  const { t, locale } = useI18n();
  const titleId = useId();
  const all = platform.permissions.map(({ permission }) => permission);
  const [chosen, setChosen] = useState<readonly Permission[]>(() =>
    platform.permissions
      .filter(({ permission, is_on, is_granted }) =>
        more ? more.includes(permission) && !is_granted : is_on,
      )
      .map(({ permission }) => permission),
  );
  const [draft, setDraft] = useState<readonly Permission[] | null>(null);
  if (all.length === 0) return null;

  const apply = (permissions: readonly Permission[]) => {
    setChosen(permissions);
    setDraft(null);
    onChange(permissions);
  };

  return (
    <section aria-labelledby={titleId} className="flex flex-col gap-2">
      <div className="flex min-h-7 items-center gap-3">
        <h3 id={titleId} className="flex-1 font-medium">
          {t(more ? 'connect.asked.more' : 'connect.asked')}
        </h3>
        {draft === null && !more ? (
          <Button size="sm" look="ghost" disabled={isBusy} onClick={() => setDraft(chosen)}>
            {t('connect.asked.change')}
          </Button>
        ) : null}
      </div>
      {draft === null ? (
        <ul className="flex flex-col gap-1.5 text-ink-muted">
          {chosen.map((permission) => (
            <li key={permission} className="flex gap-2">
              <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-accent" />
              {PERMISSIONS[permission][locale]}
            </li>
          ))}
        </ul>
      ) : (
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            apply(all.filter((permission) => draft.includes(permission)));
          }}
        >
          <div className="flex flex-col gap-0.5">
            {all.map((permission) => (
              <label
                key={permission}
                className="flex cursor-pointer gap-2.5 rounded-md px-2 py-1.5 hover:bg-surface-2"
              >
                <input
                  type="checkbox"
                  className="mt-0.5 size-4 shrink-0 accent-accent"
                  checked={draft.includes(permission)}
                  onChange={({ target }) =>
                    setDraft(
                      target.checked
                        ? [...draft, permission]
                        : draft.filter((name) => name !== permission),
                    )
                  }
                />
                <span>{PERMISSIONS[permission][locale]}</span>
              </label>
            ))}
          </div>
          <div className="flex flex-wrap justify-end gap-2">
            <Button size="sm" onClick={() => setDraft(null)}>
              {t('connect.asked.keep')}
            </Button>
            <Button size="sm" type="submit" look="primary" disabled={draft.length === 0}>
              {t('connect.asked.apply')}
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}
