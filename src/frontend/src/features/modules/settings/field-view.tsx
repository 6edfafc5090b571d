/** One field of a settings form with its label, hint and complaint. */
import { useId, type ReactNode } from 'react';
import { Switch } from '@/components/ui/switch';
import { useI18n } from '@/lib/i18n';
import { INPUT, type ControlProps } from './control';
import { ListInput } from './list-input';
import type { Field, Values } from './schema';
import { SecretInput } from './secret-input';
import { pathId, shownValue, Unreadable, valueAt } from './values';

export type ChangeValue = (path: readonly string[], value: unknown) => void;

interface FieldViewProps {
  field: Field;
  values: Values;
  errorOf: (id: string) => string | null;
  onChange: ChangeValue;
}

export function FieldView({ field, values, errorOf, onChange }: FieldViewProps) {
  const id = useId();
  if (field.kind === 'group') {
    return (
      <fieldset className="flex flex-col gap-5 rounded-lg p-4 ring-1 ring-line ring-inset">
        <legend className="contents">
          <span className="font-semibold foreign">{field.label}</span>
        </legend>
        {field.hint ? <p className="-mt-4 text-ink-muted foreign">{field.hint}</p> : null}
        {field.fields.map((inner) => (
          <FieldView
            key={pathId(inner.path)}
            field={inner}
            values={values}
            errorOf={errorOf}
            onChange={onChange}
          />
        ))}
      </fieldset>
    );
  }

  const error = errorOf(pathId(field.path));
  const control: ControlProps = {
    id,
    field,
    value: field.kind === 'secret' ? valueAt(values, field.path) : shownValue(field, values),
    describedBy: `${id}-hint ${id}-error`,
    invalid: error !== null,
    onChange: (value) => onChange(field.path, value),
  };
  const isSwitch = field.kind === 'switch';
  return (
    <div className="flex flex-col gap-1.5">
      <div
        className={isSwitch ? 'flex items-start justify-between gap-4' : 'flex flex-col gap-1.5'}
      >
        <div>
          <Label id={id} isList={field.kind === 'list'}>
            {field.label}
            {field.required ? <span className="text-ink-faint"> *</span> : null}
          </Label>
          <p id={`${id}-hint`} className="text-ink-muted foreign">
            {field.hint}
          </p>
        </div>
        <Control {...control} />
      </div>
      <p id={`${id}-error`} role={error ? 'alert' : undefined} className="text-danger foreign">
        {error}
      </p>
    </div>
  );
}

function Label({ id, isList, children }: { id: string; isList: boolean; children: ReactNode }) {
  return isList ? (
    <span id={`${id}-label`} className="font-medium foreign">
      {children}
    </span>
  ) : (
    <label htmlFor={id} className="font-medium foreign">
      {children}
    </label>
  );
}

function Control(props: ControlProps) {
  const { id, field, value, describedBy, invalid, onChange } = props;
  const { t } = useI18n();
  const common = { id, 'aria-describedby': describedBy, 'aria-invalid': invalid, className: INPUT };

  switch (field.kind) {
    case 'text':
      return (
        <input
          {...common}
          type="text"
          value={asText(value)}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case 'color':
      return (
        <span className="flex gap-2">
          <input
            type="color"
            aria-label={field.label}
            value={/^#[0-9a-f]{6}$/i.test(asText(value)) ? asText(value) : '#000000'}
            onChange={(event) => onChange(event.target.value)}
            className="h-9 w-12 shrink-0 rounded-md bg-surface-2 p-1 ring-1 ring-line-strong ring-inset"
          />
          <input
            {...common}
            type="text"
            value={asText(value)}
            onChange={(event) => onChange(event.target.value)}
          />
        </span>
      );
    case 'longtext':
      return (
        <textarea
          {...common}
          rows={3}
          value={asText(value)}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case 'number':
      return (
        <input
          {...common}
          type="text"
          inputMode={field.integer ? 'numeric' : 'decimal'}
          className={`${INPUT} max-w-40 tnum`}
          value={asText(value)}
          onChange={(event) => onChange(readNumber(event.target.value))}
        />
      );
    case 'switch':
      return (
        <Switch id={id} checked={value === true} onCheckedChange={onChange} label={field.label} />
      );
    case 'choice':
      return (
        <select
          {...common}
          value={field.choices.findIndex((choice) => choice.value === value)}
          onChange={(event) => onChange(field.choices[Number(event.target.value)]?.value)}
        >
          {field.choices.some((choice) => choice.value === value) ? null : (
            <option value={-1}>{t('settings.choose')}</option>
          )}
          {field.choices.map((choice, index) => (
            <option key={index} value={index}>
              {choice.label}
            </option>
          ))}
        </select>
      );
    case 'list':
      return <ListInput {...props} field={field} />;
    case 'secret':
      return <SecretInput {...props} />;
    case 'json':
      return (
        <textarea
          {...common}
          rows={4}
          spellCheck={false}
          className={`${INPUT} font-mono text-xs`}
          value={value instanceof Unreadable ? value.text : jsonText(value)}
          onChange={(event) => onChange(readJson(event.target.value))}
        />
      );
  }
}

function asText(value: unknown): string {
  if (value instanceof Unreadable) return value.text;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function jsonText(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}

function readNumber(text: string): unknown {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return undefined;
  // "1." and "-" are on their way to a number.
  const value = Number(trimmed);
  return Number.isFinite(value) && String(value) === trimmed ? value : new Unreadable(text);
}

function readJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return new Unreadable(text);
  }
}
