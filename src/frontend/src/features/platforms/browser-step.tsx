/** A page of the platform to sign in on. */
import { ExternalLink } from 'lucide-react';
import { useI18n } from '@/lib/i18n';
import { OpenLink, safeLink } from './open-link';

export function BrowserStep({ name, url }: { name: string; url: string }) {
  const { t } = useI18n();
  const link = safeLink(url);
  return (
    <>
      <p className="text-ink-muted">{t('connect.browser.lead', { name })}</p>
      {link ? (
        <OpenLink url={link}>
          <ExternalLink aria-hidden className="size-4" />
          {t('connect.code.open', { host: link.host })}
        </OpenLink>
      ) : null}
      <p role="status" className="text-center text-ink-muted">
        {t('connect.code.waiting')}
      </p>
    </>
  );
}
