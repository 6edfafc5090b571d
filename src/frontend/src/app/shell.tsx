/** The frame around every page: menu, banners, and the place where pages appear. */
import { Blocks, MonitorPlay, Share2, type LucideIcon } from 'lucide-react';
import { lazy, Suspense, useEffect } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { Logo } from '@/components/layout/logo';
import { cx } from '@/components/ui/cx';
import { Skeleton } from '@/components/ui/skeleton';
import { LivePage } from '@/features/live';
import { useI18n, type MessageKey } from '@/lib/i18n';
import { useModules, usePlatforms } from '@/lib/queries';
import { missingRights } from '@/lib/rights';
import { LinkBanner } from './link-banner';
import { MissingPage } from './missing-page';
import { StorageBanner } from './storage-banner';
import { ViewMenu } from './view-menu';

const ModulesPage = lazy(() =>
  import('@/features/modules').then((feature) => ({ default: feature.ModulesPage })),
);
const ModulePage = lazy(() =>
  import('@/features/modules').then((feature) => ({ default: feature.ModulePage })),
);
const PlatformsPage = lazy(() =>
  import('@/features/platforms').then((feature) => ({ default: feature.PlatformsPage })),
);

interface Place {
  readonly path: string;
  readonly name: MessageKey;
  readonly icon: LucideIcon;
  readonly attention: number;
}

function usePlaces(): readonly Place[] {
  const modules = useModules().data ?? [];
  const platforms = usePlatforms().data ?? [];
  const waiting = modules.filter(
    ({ state }) => state === 'awaiting_consent' || state === 'failed' || state === 'invalid',
  ).length;
  const lacking = platforms.filter(
    (platform) => platform.state === 'auth_required' || missingRights(platform).length > 0,
  ).length;
  return [
    { path: '/', name: 'nav.live', icon: MonitorPlay, attention: 0 },
    { path: '/modules', name: 'nav.modules', icon: Blocks, attention: waiting },
    { path: '/platforms', name: 'nav.platforms', icon: Share2, attention: lacking },
  ];
}

export function Shell() {
  const { t } = useI18n();
  const [location] = useLocation();
  const places = usePlaces();
  const here = places.find((place) => isHere(place.path, location));

  useEffect(() => {
    document.title = here ? `${t(here.name)} · StreamCore` : 'StreamCore';
  }, [here, t]);

  return (
    <div className="flex h-full flex-col md:flex-row">
      <a
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-surface-4 focus:px-3 focus:py-2"
      >
        {t('common.skip')}
      </a>
      <header className="flex h-12 shrink-0 items-center gap-1 border-b border-line bg-surface-1 px-2 md:h-auto md:w-[4.75rem] md:flex-col md:border-r md:border-b-0 md:px-0 md:py-3">
        <Logo className="size-8 shrink-0 max-md:mx-1 md:mb-3" />
        <nav
          aria-label={t('nav.label')}
          className="flex min-w-0 flex-1 gap-1 md:w-full md:flex-col md:px-1.5"
        >
          {places.map((place) => (
            <NavLink key={place.path} place={place} active={place === here} />
          ))}
        </nav>
        <ViewMenu />
      </header>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <LinkBanner />
        <StorageBanner />
        <main id="main" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
          <Suspense fallback={<PageSkeleton />}>
            <Switch>
              <Route path="/" component={LivePage} />
              <Route path="/modules" component={ModulesPage} />
              <Route path="/modules/:id/:tab?">
                {({ id, tab }) => <ModulePage key={id} id={id} tab={tab ?? 'overview'} />}
              </Route>
              <Route path="/platforms" component={PlatformsPage} />
              <Route path="/live">
                <Redirect to="/" />
              </Route>
              <Route component={MissingPage} />
            </Switch>
          </Suspense>
        </main>
      </div>
    </div>
  );
}

function NavLink({ place, active }: { place: Place; active: boolean }) {
  const { t } = useI18n();
  const Icon = place.icon;
  return (
    <Link
      href={place.path}
      aria-current={active ? 'page' : undefined}
      className={cx(
        'relative flex h-9 items-center gap-1.5 rounded-md px-2 font-medium transition-colors max-[28rem]:gap-1 max-[28rem]:px-1.5 duration-100 md:h-14 md:flex-col md:justify-center md:gap-1 md:px-0 md:text-[0.6875rem] md:leading-3',
        active ? 'bg-surface-3 text-ink' : 'text-ink-muted hover:bg-surface-2 hover:text-ink',
      )}
    >
      <span className="relative">
        <Icon aria-hidden className={cx('size-[1.125rem] md:size-5', active && 'text-accent')} />
        {place.attention > 0 ? (
          <span
            aria-hidden
            className="absolute -top-1.5 -right-2.5 hidden h-4 min-w-4 items-center justify-center rounded-full bg-warn px-1 text-[0.625rem] leading-none font-bold text-surface-0 tnum md:flex"
          >
            {place.attention}
          </span>
        ) : null}
      </span>
      <span>{t(place.name)}</span>
      {place.attention > 0 ? (
        <>
          <span
            aria-hidden
            className="flex h-4 min-w-4 items-center justify-center rounded-full bg-warn px-1 text-[0.625rem] leading-none font-bold text-surface-0 tnum md:hidden"
          >
            {place.attention}
          </span>
          <span className="sr-only">({t('nav.attention', { count: place.attention })})</span>
        </>
      ) : null}
    </Link>
  );
}

function isHere(path: string, location: string): boolean {
  return path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`);
}

function PageSkeleton() {
  return (
    <div className="mx-auto w-full max-w-5xl p-6">
      <Skeleton rows={4} className="h-16" />
    </div>
  );
}
