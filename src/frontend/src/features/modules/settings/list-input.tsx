/** A list of texts, one input for each; with given choices, a box to tick for each. */
import { Plus, X } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { IconButton } from '@/components/ui/icon-button';
import { useI18n } from '@/lib/i18n';
import { INPUT, type ControlProps } from './control';
import type { Field } from './schema';

type ListInputProps = Omit<ControlProps, 'field'> & { field: Extract<Field, { kind: 'list' }> };

export function ListInput({ id, field, value, describedBy, invalid, onChange }: ListInputProps) {
  const { t } = useI18n();
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const group = {
    role: 'group',
    'aria-labelledby': `${id}-label`,
    'aria-describedby': describedBy,
  };

  if (field.choices.length > 0) {
    return (
      <div {...group} className="flex flex-col gap-1.5">
        {field.choices.map((choice) => (
          <label key={String(choice.value)} className="flex items-center gap-2.5 foreign">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={items.includes(choice.value)}
              onChange={(event) =>
                onChange(
                  event.target.checked
                    ? [...items, choice.value]
                    : items.filter((item) => item !== choice.value),
                )
              }
            />
            {choice.label}
          </label>
        ))}
      </div>
    );
  }
  return (
    <div {...group} className="flex flex-col gap-2">
      {items.map((item, index) => (
        <div key={index} className="flex gap-1">
          <input
            type="text"
            className={INPUT}
            aria-label={t('settings.list.item', { label: field.label, index: index + 1 })}
            aria-invalid={invalid}
            value={typeof item === 'string' ? item : ''}
            onChange={(event) => onChange(items.with(index, event.target.value))}
          />
          <IconButton
            icon={X}
            label={t('settings.list.remove', { name: typeof item === 'string' ? item : '' })}
            onClick={() => onChange(items.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button size="sm" id={id} className="self-start" onClick={() => onChange([...items, ''])}>
        <Plus aria-hidden className="size-4" />
        {t('settings.list.add')}
      </Button>
    </div>
  );
}
