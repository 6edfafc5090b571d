/** Which picture addresses from outside may be loaded, and which are shown as text instead. */
import { useSyncExternalStore } from 'react';

/** Picture hosts of the platforms and emote services; anything else stays text. */
const KNOWN_HOSTS = [
  'jtvnw.net',
  'ggpht.com',
  'googleusercontent.com',
  'ytimg.com',
  'betterttv.net',
  'frankerfacez.com',
  '7tv.app',
];

/** A picture inside its own address: in an `img` it can neither run scripts nor load anything. */
const INLINE = /^data:image\/(?:png|gif|webp|avif|jpeg|svg\+xml)[;,]/i;
const INLINE_MAX = 64 * 1024;

/** An address that is safe to put into `img src`, or null. */
export function safeImageUrl(address: string | null | undefined): string | null {
  if (!address) return null;
  if (INLINE.test(address)) return address.length <= INLINE_MAX ? address : null;
  let url: URL;
  try {
    url = new URL(address, window.location.origin);
  } catch {
    return null;
  }
  if (url.origin === window.location.origin) return url.pathname + url.search;
  if (url.protocol !== 'https:' || url.username !== '' || url.port !== '') return null;
  const known = KNOWN_HOSTS.some(
    (host) => url.hostname === host || url.hostname.endsWith(`.${host}`),
  );
  return known ? url.href : null;
}

/** Hosts that the page's policy has refused: asking again would only fill the console. */
const refused = new Set<string>();
const listeners = new Set<() => void>();

export function watchImagePolicy(): void {
  document.addEventListener('securitypolicyviolation', (violation) => {
    if (!violation.effectiveDirective.startsWith('img-src')) return;
    try {
      refused.add(new URL(violation.blockedURI).host);
    } catch {
      return;
    }
    for (const listener of listeners) listener();
  });
}

function allowed(address: string | null | undefined): string | null {
  const safe = safeImageUrl(address);
  if (safe === null || safe.startsWith('/')) return safe;
  return refused.has(new URL(safe).host) ? null : safe;
}

/** Like `safeImageUrl`, and null as soon as the page's policy turns out to refuse the host. */
export function useSafeImageUrl(address: string | null | undefined): string | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => allowed(address),
  );
}
