/** Each platform at a glance: state, account, viewers, time on air. */
import { Eye } from 'lucide-react';
import { Link } from 'wouter';
import { PlatformMark } from '@/components/platform/mark';
import { PLATFORM_TONES } from '@/components/platform/tones';
import { Dot } from '@/components/ui/dot';
import { Tooltip } from '@/components/ui/tooltip';
import { clockText, useNow } from '@/lib/clock';
import { useI18n } from '@/lib/i18n';
import { useLive } from '@/lib/live';
import { usePlatforms } from '@/lib/queries';
import type { PlatformRecord } from '@/lib/records';
import { isLinked } from '@/lib/rights';

export function StatusStrip() {
  const { t, number } = useI18n();
  const { data: platforms = [], isPending } = usePlatforms();
  const { viewers } = useLive().state;
  const shown = platforms.filter(({ state }) => state !== 'disconnected');
  const counts = shown.flatMap(({ id }) => viewers[id] ?? []);
  const total = counts.reduce((sum, count) => sum + count, 0);

  return (
    <section
      aria-label={t('status.label')}
      className="relative flex min-h-14 shrink-0 items-center gap-2 overflow-x-auto px-3 py-2 [scrollbar-width:none]"
    >
      {shown.map((platform) => (
        <PlatformPill
          key={platform.id}
          platform={platform}
          viewers={viewers[platform.id] ?? null}
        />
      ))}
      {shown.length === 0 && !isPending ? (
        <p className="px-1 text-ink-muted">
          {t('status.empty')}{' '}
          <Link href="/platforms" className="font-medium text-accent hover:text-accent-strong">
            {t('status.connect')}
          </Link>
        </p>
      ) : null}
      {counts.length > 1 ? (
        <Tooltip text={t('status.total')}>
          <p className="ml-auto flex shrink-0 items-center gap-2 pr-1 pl-3 text-ink-muted max-[34rem]:hidden">
            <Eye aria-hidden className="size-4" />
            <span className="sr-only">{t('status.total')}</span>
            <span className="text-lg font-semibold text-ink tnum">{number(total)}</span>
          </p>
        </Tooltip>
      ) : null}
    </section>
  );
}

function PlatformPill({ platform, viewers }: { platform: PlatformRecord; viewers: number | null }) {
  const { t, number } = useI18n();
  const startedAt = useLive().state.startedAt[platform.id] ?? null;
  const connected = isLinked(platform.state);
  const stateText = t(`platform.state.${platform.state}`);
  return (
    <Link
      href="/platforms"
      className="flex h-10 shrink-0 items-center gap-2.5 rounded-lg bg-surface-1 px-3 ring-1 ring-line transition-colors duration-100 hover:bg-surface-2"
    >
      <PlatformMark id={platform.id} />
      <Dot tone={PLATFORM_TONES[platform.state]} className="-ml-1" />
      {platform.state === 'connected' ? (
        <span className="sr-only">{stateText}</span>
      ) : (
        <span className="font-medium">{stateText}</span>
      )}
      {connected && viewers !== null ? (
        <span>
          <span className="font-semibold tnum">{number(viewers)}</span>{' '}
          <span className="text-ink-muted max-[40rem]:sr-only">
            {t('status.viewers', { count: viewers })}
          </span>
        </span>
      ) : null}
      {connected ? <OnAir startedAt={startedAt} /> : null}
    </Link>
  );
}

function OnAir({ startedAt }: { startedAt: string | null }) {
  const { t } = useI18n();
  const now = useNow();
  if (startedAt === null) return <span className="text-ink-faint">{t('status.offAir')}</span>;
  const time = clockText(now - Date.parse(startedAt));
  return (
    <span className="text-ink-muted tnum">
      <span aria-hidden>{time}</span>
      <span className="sr-only">{t('status.uptime', { time })}</span>
    </span>
  );
}
