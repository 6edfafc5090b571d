/** Puts the wrapper page together from what the core wrote into it; never shows any text. */
import { FrameHost } from './frame-host';
import { ViewLink } from './view-link';

interface Placement {
  readonly module: string;
  readonly src: string;
  readonly digest: string;
}

/** Read-only; above it a page could control OBS with the rights of its source. */
const HIGHEST_OBS_LEVEL = 2;

export function readPlacement(page: Document): Placement | null {
  const meta = page.querySelector<HTMLMetaElement>('meta[name="streamcore"]');
  const { module = '', src = '', digest = '' } = meta?.dataset ?? {};
  if (!/^[a-z][a-z0-9_]{1,49}$/.test(module)) return null;
  // The frame shows this module's own page, whatever else may have been written there.
  if (!src.startsWith(`/modules-view/${module}/`) || src.includes('..')) return null;
  return { module, src, digest };
}

export function startWrapper(page: Document, location: Location): void {
  const key = new URLSearchParams(location.hash.slice(1)).get('k');
  const placement = readPlacement(page);
  if (!key || !placement) {
    console.warn('StreamCore: this address is not complete. Copy it from the dashboard again.');
    return;
  }
  page.body.style.margin = '0';
  page.body.style.overflow = 'hidden';
  page.body.style.background = 'transparent';
  // A new key in the address bar means a new life.
  window.addEventListener('hashchange', () => location.reload());

  void obsAllows().then((allowed) => {
    if (!allowed) {
      console.warn(
        'StreamCore: the page is not shown, because this browser source may control OBS. ' +
          'Set “Page permissions” of the source to “Read access to OBS status information” or less.',
      );
      return;
    }
    let shownDigest = placement.digest;
    const host = new FrameHost(page, placement.src);
    const link = new ViewLink(key, host);
    host.connectTo(link);
    link.onDigest = (digest) => {
      if (digest === shownDigest) return;
      if (shownDigest === '') {
        shownDigest = digest;
        return;
      }
      shownDigest = digest;
      void newPlacement(location).then((fresh) => host.reload(fresh?.src ?? placement.src));
    };
    link.open();
  });
}

/** The module's files changed: its page may have moved, and the core knows where to. */
async function newPlacement(location: Location): Promise<Placement | null> {
  try {
    const answer = await fetch(location.pathname, { cache: 'no-store', credentials: 'omit' });
    if (!answer.ok) return null;
    return readPlacement(new DOMParser().parseFromString(await answer.text(), 'text/html'));
  } catch {
    return null;
  }
}

interface ObsStudio {
  getControlLevel?: (give: (level: number) => void) => void;
}

function obsAllows(): Promise<boolean> {
  const obs = (window as Window & { obsstudio?: ObsStudio }).obsstudio;
  const ask = obs?.getControlLevel;
  if (!obs || !ask) return Promise.resolve(true);
  return new Promise((resolve) => {
    const patience = setTimeout(() => resolve(true), 1500);
    ask.call(obs, (level) => {
      clearTimeout(patience);
      resolve(level <= HIGHEST_OBS_LEVEL);
    });
  });
}
