/** What a place shows when its data could not be loaded. */
import { CloudOff, TriangleAlert } from 'lucide-react';
import { ApiError } from '@/lib/api';
import { useI18n } from '@/lib/i18n';
import { Button } from './button';
import { Empty } from './empty';

export function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useI18n();
  const offline = error instanceof ApiError && error.isOffline;
  const detail = error instanceof ApiError && !offline ? error.message : undefined;
  return (
    <div role="alert" className="h-full">
      <Empty
        icon={offline ? CloudOff : TriangleAlert}
        title={offline ? t('failure.offline.title') : t('failure.title')}
        text={offline ? t('failure.offline.text') : (detail ?? t('failure.text'))}
        action={<Button onClick={onRetry}>{t('common.retry')}</Button>}
      />
    </div>
  );
}
