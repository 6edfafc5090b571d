/** What can be switched on and off about a platform. */
import { useMutation } from '@tanstack/react-query';
import { useId } from 'react';
import { Notice } from '@/components/ui/notice';
import { Switch } from '@/components/ui/switch';
import { useReason } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { localText } from '@/lib/module-text';
import type { Option, PlatformRecord } from '@/lib/records';
import { Section } from './section';
import { useOptions } from './use-platform-action';

export function PlatformOptions({ platform: { id, options } }: { platform: PlatformRecord }) {
  const { t } = useI18n();
  const reason = useReason();
  const change = useMutation(useOptions(id));
  if (options.length === 0) return null;
  return (
    <Section
      title={t('platforms.options')}
      summary={t('platforms.options.count', {
        on: options.filter(({ value }) => value).length,
        all: options.length,
      })}
    >
      {change.isError ? (
        <Notice
          live
          tone="danger"
          title={t('platforms.failed', { reason: reason(change.error) })}
        />
      ) : null}
      <ul className="flex flex-col gap-3">
        {options.map((option) => (
          <li key={option.id}>
            <OptionLine
              option={option}
              isBusy={change.isPending}
              onChange={(value) => change.mutate({ [option.id]: value })}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function OptionLine({
  option,
  isBusy,
  onChange,
}: {
  option: Option;
  isBusy: boolean;
  onChange: (value: boolean) => void;
}) {
  const { locale } = useI18n();
  const helpId = useId();
  const title = localText(option.title, locale);
  const help = localText(option.help, locale);
  return (
    <div className="flex items-start gap-3">
      <div className="min-w-0 flex-1">
        <p>{title}</p>
        {help ? (
          <p id={helpId} className="text-[0.8125rem] text-ink-muted">
            {help}
          </p>
        ) : null}
      </div>
      <Switch
        checked={option.value}
        onCheckedChange={onChange}
        label={title}
        disabled={isBusy}
        {...(help ? { describedBy: helpId } : {})}
      />
    </div>
  );
}
