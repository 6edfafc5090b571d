/** An address that leads nowhere. */
import { Compass } from 'lucide-react';
import { Link } from 'wouter';
import { Empty } from '@/components/ui/empty';
import { useI18n } from '@/lib/i18n';

export function MissingPage() {
  const { t } = useI18n();
  return (
    <Empty
      asPage
      icon={Compass}
      title={t('missing.title')}
      text={t('missing.text')}
      action={
        <Link href="/" className="font-medium text-accent hover:text-accent-strong">
          {t('missing.action')}
        </Link>
      }
    />
  );
}
