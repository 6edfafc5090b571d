/** A secret: it can be set, replaced and removed, but never read again. */
import { Button } from '@/components/ui/button';
import { useI18n } from '@/lib/i18n';
import { INPUT, type ControlProps } from './control';
import { isSecretSet } from './values';

export function SecretInput({ id, value, describedBy, invalid, onChange }: ControlProps) {
  const { t } = useI18n();
  const typed = typeof value === 'string' ? value : '';
  if (value === null) {
    return (
      <div className="flex flex-wrap items-center gap-3">
        <p className="text-ink-muted">{t('settings.secret.cleared')}</p>
        <Button size="sm" id={id} onClick={() => onChange({ set: true })}>
          {t('settings.secret.undo')}
        </Button>
      </div>
    );
  }
  const isSet = isSecretSet(value);
  return (
    <div className="flex items-center gap-2">
      <input
        id={id}
        type="password"
        autoComplete="new-password"
        spellCheck={false}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        className={INPUT}
        value={typed}
        placeholder={t(isSet ? 'settings.secret.set' : 'settings.secret.unset')}
        onChange={(event) => onChange(event.target.value)}
      />
      {isSet ? <Button onClick={() => onChange(null)}>{t('settings.secret.clear')}</Button> : null}
    </div>
  );
}
