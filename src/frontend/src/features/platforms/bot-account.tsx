/** The second account, in whose name modules write when there is one. */
import { PLATFORM_TONES } from '@/components/platform/tones';
import { Button } from '@/components/ui/button';
import { Dot } from '@/components/ui/dot';
import { Notice } from '@/components/ui/notice';
import { useI18n } from '@/lib/i18n';
import { localText } from '@/lib/module-text';
import { shortened } from '@/lib/names';
import type { PlatformRecord } from '@/lib/records';
import { Section } from './section';
import { isSignedOut } from './standing';

export function BotAccount({
  platform: { bot, name },
  onConnect,
  onDisconnect,
}: {
  platform: PlatformRecord;
  onConnect: () => void;
  onDisconnect: () => void;
}) {
  const { t, locale } = useI18n();
  if (!bot) return null;
  const reason = localText(bot.reasons, locale);
  const tone = PLATFORM_TONES[bot.state];
  const isOut = isSignedOut(bot.state);
  return (
    <Section
      title={t('bot.title')}
      summary={
        <span className="inline-flex max-w-full items-center gap-2">
          <Dot tone={tone} />
          <span className="truncate foreign">
            {bot.account && !isOut ? shortened(bot.account.name) : t(`platform.state.${bot.state}`)}
          </span>
        </span>
      }
    >
      <p className="text-ink-muted">{t('bot.text', { name })}</p>
      {bot.account ? (
        <p className="foreign">
          {t('platforms.account', { name: shortened(bot.account.name) })}
          {': '}
          {t(`platform.state.${bot.state}`)}
        </p>
      ) : null}
      {reason ? (
        <Notice
          tone={tone === 'danger' ? 'danger' : tone === 'warn' ? 'warn' : 'neutral'}
          title={reason}
        />
      ) : null}
      <div className="flex flex-wrap gap-2">
        {isOut ? (
          <Button onClick={onConnect}>
            {t(bot.state === 'auth_required' ? 'bot.reconnect' : 'bot.connect')}
          </Button>
        ) : null}
        {bot.state === 'disconnected' ? null : (
          <Button onClick={onDisconnect}>{t('bot.disconnect')}</Button>
        )}
      </div>
    </Section>
  );
}
