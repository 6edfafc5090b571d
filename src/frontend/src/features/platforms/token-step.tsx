/** Access data to type in, as the platform names it. */
import { useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { useI18n } from '@/lib/i18n';
import { localText } from '@/lib/module-text';
import type { ConnectFlow } from '@/lib/records';

interface TokenStepProps {
  name: string;
  flow: Extract<ConnectFlow, { flow: 'token' }>;
  busy: boolean;
  onSubmit: (values: Readonly<Record<string, string>>) => void;
}

export function TokenStep({ name, flow, busy, onSubmit }: TokenStepProps) {
  const { t, locale } = useI18n();
  const id = useId();
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const complete = flow.fields.every((field) => (values[field.name] ?? '').trim() !== '');
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete && !busy) onSubmit(values);
      }}
    >
      <p className="text-ink-muted">{t('connect.token.lead', { name })}</p>
      {flow.reason ? <Notice live tone="danger" title={flow.reason} /> : null}
      {flow.fields.map((field) => (
        <div key={field.name} className="flex flex-col gap-1.5">
          <label htmlFor={`${id}-${field.name}`} className="font-medium">
            {localText(field.title, locale) || field.name}
          </label>
          <input
            id={`${id}-${field.name}`}
            type={field.is_secret ? 'password' : 'text'}
            autoComplete="off"
            spellCheck={false}
            aria-describedby={`${id}-${field.name}-help`}
            value={values[field.name] ?? ''}
            onChange={(event) => setValues({ ...values, [field.name]: event.target.value })}
            className="h-9 rounded-md bg-surface-2 px-3 ring-1 ring-line-strong ring-inset"
          />
          <p id={`${id}-${field.name}-help`} className="text-ink-muted">
            {localText(field.help, locale)}
          </p>
        </div>
      ))}
      <Button type="submit" look="primary" disabled={!complete || busy}>
        {t('connect.token.submit')}
      </Button>
    </form>
  );
}
