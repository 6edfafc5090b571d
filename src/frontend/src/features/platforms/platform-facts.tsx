/** The quiet figures of a connection: last event, sign of life, delay, what is used up. */
import { useNow } from '@/lib/clock';
import { useI18n } from '@/lib/i18n';
import type { PlatformRecord } from '@/lib/records';

export function PlatformFacts({ platform }: { platform: PlatformRecord }) {
  const { t, time, number } = useI18n();
  const facts = [
    platform.last_event_at
      ? t('platforms.lastEvent', { time: time(platform.last_event_at) })
      : t('platforms.lastEvent.never'),
    ...useHealth(platform.health),
    ...quota(platform.quota).map(({ key, ...values }) =>
      t(key, { amount: number(values.amount), limit: number(values.limit) }),
    ),
  ];
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-ink-muted tnum">
      {facts.map((fact) => (
        <li key={fact}>{fact}</li>
      ))}
    </ul>
  );
}

function useHealth(health: PlatformRecord['health']): readonly string[] {
  const { t, number } = useI18n();
  const now = useNow();
  if (!health) return [];
  const facts: string[] = [];
  if (health.heard_at) {
    const seconds = Math.max(0, Math.round((now - Date.parse(health.heard_at)) / 1000));
    facts.push(
      seconds < 60
        ? t('platforms.heard.seconds', { count: seconds })
        : t('platforms.heard.minutes', { count: Math.floor(seconds / 60) }),
    );
  }
  if (health.delay_ms !== null) {
    facts.push(t('platforms.delay', { milliseconds: number(Math.round(health.delay_ms)) }));
  }
  return facts;
}

/** Platforms count differently: what is left of a minute's amount, or what was used of a day's. */
function quota(given: PlatformRecord['quota']) {
  const { used, remaining, limit } = given ?? {};
  if (typeof limit !== 'number') return [];
  if (typeof remaining === 'number') {
    return [{ key: 'platforms.quota.left' as const, amount: remaining, limit }];
  }
  return typeof used === 'number' ? [{ key: 'platforms.quota' as const, amount: used, limit }] : [];
}
