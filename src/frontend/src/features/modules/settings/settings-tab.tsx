/** A module's settings as a form made from its own schema. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { SlidersHorizontal } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Failure } from '@/components/ui/failure';
import { Notice } from '@/components/ui/notice';
import { Skeleton } from '@/components/ui/skeleton';
import { ApiError } from '@/lib/api';
import { useCore } from '@/lib/core';
import { useReason } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { keys } from '@/lib/queries';
import type { ModuleRecord } from '@/lib/records';
import { FieldView } from './field-view';
import { readFields, type Field, type Values } from './schema';
import { checkAll, toSend, withValue } from './values';

export function SettingsTab({ module }: { module: ModuleRecord }) {
  const { t, locale } = useI18n();
  const { api } = useCore();
  const schema = module.manifest?.settings;
  const fields = useMemo(() => readFields(schema, locale), [schema, locale]);
  const path = `/api/modules/${encodeURIComponent(module.id)}/settings`;
  const { data, error, refetch } = useQuery({
    queryKey: keys.moduleSettings(module.id),
    queryFn: ({ signal }) => api.get<Values>(path, signal),
    enabled: fields.length > 0,
  });
  if (fields.length === 0) return <Empty icon={SlidersHorizontal} title={t('settings.empty')} />;
  if (data) return <SettingsForm moduleId={module.id} path={path} fields={fields} saved={data} />;
  return error ? (
    <Failure error={error} onRetry={() => void refetch()} />
  ) : (
    <Skeleton rows={4} className="h-12" />
  );
}

interface SettingsFormProps {
  moduleId: string;
  path: string;
  fields: readonly Field[];
  saved: Values;
}

function SettingsForm({ moduleId, path, fields, saved }: SettingsFormProps) {
  const { t } = useI18n();
  const { api } = useCore();
  const cache = useQueryClient();
  const reason = useReason();
  const [draft, setDraft] = useState<Values | null>(null);
  const [tried, setTried] = useState(false);
  const values = draft ?? saved;
  const complaints = useMemo(() => checkAll(fields, values), [fields, values]);

  const save = useMutation({
    mutationFn: (next: Values) => api.put<Values | undefined>(path, toSend(fields, next)),
    onSuccess: async (answer) => {
      if (answer) cache.setQueryData(keys.moduleSettings(moduleId), answer);
      else await cache.invalidateQueries({ queryKey: keys.moduleSettings(moduleId) });
      setDraft(null);
      setTried(false);
    },
  });
  const refused = save.error instanceof ApiError ? save.error.problem.fields : [];

  const errorOf = (id: string): string | null => {
    const complaint = complaints.get(id);
    if (complaint && (tried || draft !== null)) return t(complaint.key, complaint.values);
    return refused.find((problem) => problem.path.replace(/^\$\.?/, '') === id)?.message ?? null;
  };

  return (
    <form
      noValidate
      className="flex max-w-2xl flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (complaints.size === 0) save.mutate(values);
      }}
    >
      {fields.map((field) => (
        <FieldView
          key={field.path.join('.')}
          field={field}
          values={values}
          errorOf={errorOf}
          onChange={(at, value) => {
            save.reset();
            setDraft((now) => withValue(now ?? saved, at, value));
          }}
        />
      ))}
      {save.isError ? (
        <Notice live tone="danger" title={t('settings.failed', { reason: reason(save.error) })} />
      ) : tried && complaints.size > 0 ? (
        <Notice live tone="danger" title={t('settings.invalid')} />
      ) : null}
      <div className="sticky bottom-0 flex flex-wrap items-center gap-2 border-t border-line bg-surface-0 py-3">
        <Button type="submit" look="primary" disabled={draft === null || save.isPending}>
          {t('common.save')}
        </Button>
        {draft === null ? null : (
          <Button look="ghost" disabled={save.isPending} onClick={() => setDraft(null)}>
            {t('settings.discard')}
          </Button>
        )}
        <p role="status" className="text-ink-muted">
          {save.isSuccess && draft === null ? t('settings.saved') : ''}
        </p>
      </div>
    </form>
  );
}
