/** A permission as a plain sentence with its risk. */
import type { ReactNode } from 'react';
import { Badge, type Tone } from '@/components/ui/badge';
import { useI18n } from '@/lib/i18n';
import { PERMISSIONS, type Permission, type Risk } from '@/protocol/schema.gen';

/** Amber says “look here”; red is kept for what has to be done now. */
const TONES: Record<Risk, Tone> = { low: 'neutral', medium: 'neutral', high: 'warn' };

export function PermissionLine({
  permission,
  isNew = false,
  dimmed = false,
  children,
}: {
  permission: Permission;
  isNew?: boolean;
  dimmed?: boolean;
  children?: ReactNode;
}) {
  const { t, locale } = useI18n();
  const { risk, [locale]: sentence } = PERMISSIONS[permission];
  return (
    <div className="flex items-start gap-3 py-2.5">
      <p className={dimmed ? 'min-w-0 flex-1 text-ink-muted' : 'min-w-0 flex-1'}>
        {isNew ? (
          <>
            <Badge tone="good">{t('consent.added')}</Badge>{' '}
          </>
        ) : null}
        {sentence}
      </p>
      <Badge tone={TONES[risk]}>{t(`risk.${risk}`)}</Badge>
      {children}
    </div>
  );
}
