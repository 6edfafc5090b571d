/** Says that the core cannot save, or had to begin a new database, for as long as that is so. */
import { HardDrive } from 'lucide-react';
import { useI18n } from '@/lib/i18n';
import { useStorage } from '@/lib/queries';

export function StorageBanner() {
  const { t } = useI18n();
  const { state = 'ok', detail = '' } = useStorage() ?? {};
  if (state === 'ok') return null;
  return (
    <div
      role="alert"
      className="flex shrink-0 animate-fade-in items-start gap-3 border-b border-line bg-danger-soft px-4 py-2"
    >
      <HardDrive aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
      <p className="min-w-0 flex-1">
        <span className="font-medium">{t(`storage.${state}.title`)}</span>{' '}
        <span className="text-ink-muted">{t(`storage.${state}.text`)}</span>
        {/* A full disk is told whole above; of the rest only the core knows more, in English. */}
        {state === 'disk_full' || detail === '' ? null : (
          <span className="block text-sm text-ink-muted foreign">{detail}</span>
        )}
      </p>
    </div>
  );
}
