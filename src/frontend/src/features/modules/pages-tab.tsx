/** A module's pages and the addresses for OBS. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { AppWindow, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import { Empty } from '@/components/ui/empty';
import { Failure } from '@/components/ui/failure';
import { IconButton } from '@/components/ui/icon-button';
import { Notice } from '@/components/ui/notice';
import { Skeleton } from '@/components/ui/skeleton';
import { useCore } from '@/lib/core';
import { useReason } from '@/lib/errors';
import { useI18n } from '@/lib/i18n';
import { localText } from '@/lib/module-text';
import { keys } from '@/lib/queries';
import type { ModuleView, Page } from '@/lib/records';

export function PagesTab({ moduleId }: { moduleId: string }) {
  const { t } = useI18n();
  const { api } = useCore();
  const path = `/api/modules/${encodeURIComponent(moduleId)}/views`;
  const { data, error, refetch } = useQuery({
    queryKey: keys.moduleViews(moduleId),
    queryFn: ({ signal }) => api.get<Page<ModuleView>>(path, signal),
  });
  if (!data) {
    return error ? (
      <Failure error={error} onRetry={() => void refetch()} />
    ) : (
      <Skeleton rows={2} className="h-20" />
    );
  }
  if (data.items.length === 0) return <Empty icon={AppWindow} title={t('pages.empty')} />;
  return (
    <div className="flex flex-col gap-3">
      <p className="text-ink-muted">
        {t('pages.lead')} {t('pages.private')}
      </p>
      <ul className="flex flex-col gap-2">
        {data.items.map((view) => (
          <li key={view.id}>
            <PageCard moduleId={moduleId} view={view} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function PageCard({ moduleId, view }: { moduleId: string; view: ModuleView }) {
  const { t, tOr, locale } = useI18n();
  const [asking, setAsking] = useState(false);
  const title = localText(view.title, locale) || view.id;
  return (
    <article className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-lg bg-surface-2 px-4 py-3 ring-1 ring-line ring-inset">
      <div className="min-w-40 flex-1">
        <h2 className="flex items-center gap-2 font-medium foreign">
          {title}
          <Badge>{tOr(`pages.kind.${view.kind}`, view.kind)}</Badge>
        </h2>
        {view.width && view.height ? (
          <p className="text-ink-muted tnum">
            {t('pages.size', { width: view.width, height: view.height })}
          </p>
        ) : null}
      </div>
      <div className="flex items-center gap-1">
        <CopyButton text={view.url} label={t('pages.copy')} />
        <IconButton icon={RefreshCw} label={t('pages.rotate')} onClick={() => setAsking(true)} />
      </div>
      {asking ? (
        <RotateDialog moduleId={moduleId} viewId={view.id} onClose={() => setAsking(false)} />
      ) : null}
    </article>
  );
}

function RotateDialog({
  moduleId,
  viewId,
  onClose,
}: {
  moduleId: string;
  viewId: string;
  onClose: () => void;
}) {
  const { t } = useI18n();
  const { api } = useCore();
  const reason = useReason();
  const cache = useQueryClient();
  const rotate = useMutation({
    mutationFn: () =>
      api.post<ModuleView>(
        `/api/modules/${encodeURIComponent(moduleId)}/views/${encodeURIComponent(viewId)}/rotate`,
      ),
    onSuccess: (fresh) => {
      cache.setQueryData<Page<ModuleView>>(keys.moduleViews(moduleId), (page) =>
        page
          ? { ...page, items: page.items.map((view) => (view.id === fresh.id ? fresh : view)) }
          : page,
      );
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t('pages.rotate.title')}
      description={t('pages.rotate.text')}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" disabled={rotate.isPending} onClick={() => rotate.mutate()}>
            {t('pages.rotate.confirm')}
          </Button>
        </>
      }
    >
      {rotate.isError ? (
        <Notice
          live
          tone="danger"
          title={t('module.actionFailed', { reason: reason(rotate.error) })}
        />
      ) : null}
    </Dialog>
  );
}
