/** The unified chat: filter on top, messages, and the box to answer. */
import { ListFilter, Search, X } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { PlatformMark } from '@/components/platform/mark';
import { cx } from '@/components/ui/cx';
import { IconButton } from '@/components/ui/icon-button';
import { Menu, MenuCheck, MenuChoices, MenuLabel, MenuSeparator } from '@/components/ui/menu';
import { useI18n } from '@/lib/i18n';
import { useLive } from '@/lib/live';
import { usePlatforms } from '@/lib/queries';
import {
  filterLines,
  isFiltering,
  SHOW_ALL,
  type ChatFilter,
  type RoleFilter,
} from './chat-filter';
import { ChatList } from './chat-list';
import { SendBox } from './send-box';

const ROLES: readonly RoleFilter[] = ['all', 'team', 'supporters', 'first'];

export function ChatPanel({ titleId }: { titleId?: string }) {
  const { t } = useI18n();
  const [filter, setFilter] = useState<ChatFilter>(SHOW_ALL);
  const { state, isLoading } = useLive();
  const settled = useDeferredValue(filter);
  const lines = useMemo(() => filterLines(state.chat, settled), [state.chat, settled]);

  return (
    <>
      <div className="flex h-11 shrink-0 items-center gap-1 border-b border-line pr-1.5 pl-3">
        {titleId ? (
          <h2 id={titleId} className="mr-2 font-semibold">
            {t('chat.title')}
          </h2>
        ) : null}
        <ChatSearch
          value={filter.search}
          onChange={(search) => setFilter((now) => ({ ...now, search }))}
        />
        <FilterMenu filter={filter} onChange={setFilter} />
      </div>
      <ChatList
        lines={lines}
        removed={state.removed}
        skipped={state.skipped}
        isLoading={isLoading}
        isFiltered={isFiltering(filter)}
        onReset={() => setFilter(SHOW_ALL)}
      />
      <SendBox />
    </>
  );
}

function ChatSearch({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useI18n();
  return (
    <div className="relative ml-auto flex min-w-0 flex-1 items-center sm:max-w-64">
      <Search aria-hidden className="pointer-events-none absolute left-2.5 size-4 text-ink-faint" />
      <input
        type="search"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onChange('');
        }}
        aria-label={t('chat.search')}
        placeholder={t('chat.search')}
        className="h-8 w-full min-w-0 rounded-md bg-surface-2 pr-8 pl-8 text-[0.8125rem] ring-1 ring-line ring-inset placeholder:text-ink-faint [&::-webkit-search-cancel-button]:hidden"
      />
      {value === '' ? null : (
        <button
          type="button"
          aria-label={t('chat.search.clear')}
          onClick={() => onChange('')}
          className="absolute right-1 flex size-6 items-center justify-center rounded-sm text-ink-muted hover:text-ink"
        >
          <X aria-hidden className="size-4" />
        </button>
      )}
    </div>
  );
}

function FilterMenu({
  filter,
  onChange,
}: {
  filter: ChatFilter;
  onChange: (filter: ChatFilter) => void;
}) {
  const { t } = useI18n();
  const { data: platforms = [] } = usePlatforms();
  const active = filter.hidden.size > 0 || filter.role !== 'all';

  const toggle = (id: string, show: boolean) => {
    const hidden = new Set(filter.hidden);
    if (show) hidden.delete(id);
    else hidden.add(id);
    onChange({ ...filter, hidden });
  };

  return (
    <Menu
      trigger={
        <IconButton
          icon={ListFilter}
          size="sm"
          label={active ? `${t('chat.filter')} (${t('chat.filtered')})` : t('chat.filter')}
          className={cx('size-8', active && 'bg-accent-soft text-accent hover:text-accent')}
        />
      }
    >
      <MenuLabel>{t('chat.filter.roles')}</MenuLabel>
      <MenuChoices
        label={t('chat.filter.roles')}
        value={filter.role}
        onChange={(role) => onChange({ ...filter, role })}
        choices={ROLES.map((value) => ({ value, label: t(`chat.filter.role.${value}`) }))}
      />
      {platforms.length > 1 ? (
        <>
          <MenuSeparator />
          <MenuLabel>{t('chat.filter.platforms')}</MenuLabel>
          {platforms.map((platform) => (
            <MenuCheck
              key={platform.id}
              checked={!filter.hidden.has(platform.id)}
              onChange={(show) => toggle(platform.id, show)}
            >
              <PlatformMark id={platform.id} decorative />
              {platform.name}
            </MenuCheck>
          ))}
        </>
      ) : null}
    </Menu>
  );
}
