/** What a page without a session shows: how to open the dashboard from the app. */
import { Logo } from '@/components/layout/logo';
import { useI18n } from '@/lib/i18n';

export type GateReason = 'none' | 'expired' | 'offline' | 'checking';

export function GatePage({ reason }: { reason: GateReason }) {
  const { t } = useI18n();
  if (reason === 'checking') {
    return (
      <main className="flex h-full items-center justify-center">
        <p role="status" className="animate-late text-ink-muted">
          {t('gate.checking')}
        </p>
      </main>
    );
  }
  const words = {
    none: [t('gate.title'), t('gate.text')],
    expired: [t('gate.expired.title'), t('gate.expired.text')],
    offline: [t('gate.offline.title'), t('gate.offline.text')],
  }[reason];
  return (
    <main className="flex h-full flex-col items-center justify-center gap-6 px-6 text-center">
      <Logo className="size-14" />
      <div className="max-w-md">
        <h1 className="text-xl font-semibold text-balance">{words[0]}</h1>
        <p className="mt-2 text-pretty text-ink-muted">{words[1]}</p>
        <p className="mt-5 text-ink-muted">
          <code className="rounded-md bg-surface-2 px-2.5 py-1.5 font-mono text-xs text-ink ring-1 ring-line ring-inset">
            {t('gate.terminal', { command: 'python main.py open' })}
          </code>
        </p>
      </div>
    </main>
  );
}
