/** All platforms as cards. */
import { Share2 } from 'lucide-react';
import { Page } from '@/components/layout/page';
import { Empty } from '@/components/ui/empty';
import { Failure } from '@/components/ui/failure';
import { Skeleton } from '@/components/ui/skeleton';
import { useI18n } from '@/lib/i18n';
import { usePlatforms } from '@/lib/queries';
import { PlatformCard } from './platform-card';

/** A new time of the last event, or of the last sign of life, is not pushed. */
const LOOK_AGAIN_MS = 10_000;

export function PlatformsPage() {
  const { t } = useI18n();
  const { data, error, refetch } = usePlatforms({ everyMs: LOOK_AGAIN_MS });
  return (
    <Page title={t('platforms.title')} lead={t('platforms.lead')}>
      {data ? (
        data.length === 0 ? (
          <Empty
            icon={Share2}
            title={t('platforms.empty.title')}
            text={t('platforms.empty.text')}
          />
        ) : (
          <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(24rem,100%),1fr))] gap-3">
            {data.map((platform) => (
              <li key={platform.id} className="min-w-0">
                <PlatformCard platform={platform} />
              </li>
            ))}
          </ul>
        )
      ) : error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={2} className="h-36" />
      )}
    </Page>
  );
}
