/** Live: platforms on top, chat beside activity, modules as a row of dots. */
import { useState } from 'react';
import { Tabs } from '@/components/ui/tabs';
import { useI18n } from '@/lib/i18n';
import { useMediaQuery } from '@/lib/media';
import { ActivityPanel } from './activity-panel';
import { ChatPanel } from './chat-panel';
import { ModuleRow } from './module-row';
import { StatusStrip } from './status-strip';

export function LivePage() {
  const { t } = useI18n();
  const wide = useMediaQuery('(min-width: 52rem)');
  const [tab, setTab] = useState('chat');
  return (
    <div className="flex h-full flex-col">
      <h1 className="sr-only">{t('live.title')}</h1>
      <StatusStrip />
      {wide ? (
        <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1.45fr)_minmax(20rem,1fr)] gap-3 p-3 pt-0 min-[150rem]:grid-cols-[minmax(0,1fr)_34rem]">
          <section
            aria-labelledby="chat-title"
            className="flex min-h-0 flex-col overflow-hidden rounded-lg bg-surface-1 ring-1 ring-line"
          >
            <ChatPanel titleId="chat-title" />
          </section>
          <div className="flex min-h-0 flex-col gap-3">
            <section
              aria-labelledby="activity-title"
              className="flex min-h-0 flex-1 flex-col overflow-hidden rounded-lg bg-surface-1 ring-1 ring-line"
            >
              <ActivityPanel titleId="activity-title" />
            </section>
            <ModuleRow className="rounded-lg bg-surface-1 ring-1 ring-line" />
          </div>
        </div>
      ) : (
        <>
          <Tabs
            label={t('live.tabs')}
            value={tab}
            onChange={setTab}
            className="flex-1 bg-surface-1"
            panelClassName="flex flex-1 flex-col data-[state=inactive]:hidden"
            tabs={[
              { id: 'chat', label: t('chat.title'), content: <ChatPanel /> },
              { id: 'activity', label: t('activity.title'), content: <ActivityPanel /> },
            ]}
          />
          <ModuleRow className="border-t border-line bg-surface-1" />
        </>
      )}
    </div>
  );
}
