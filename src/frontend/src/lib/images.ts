/** Which picture addresses of others may be shown, and which are told by their text instead. */

/** A picture inside its own address: in an `img` it can neither run scripts nor load anything. */
const INLINE = /^data:image\/(?:png|gif|webp|avif|jpeg|svg\+xml)[;,]/i;
const INLINE_MAX = 64 * 1024;

/**
 * An address that is safe to put into `img src`, or null.
 *
 * The page's policy lets pictures come from the core alone: a viewer's message must not tell a
 * stranger's server who looks at it. Asking elsewhere would only fill the console with refusals.
 */
export function safeImageUrl(address: string | null | undefined): string | null {
  if (!address) return null;
  if (INLINE.test(address)) return address.length <= INLINE_MAX ? address : null;
  let url: URL;
  try {
    url = new URL(address, window.location.origin);
  } catch {
    return null;
  }
  return url.origin === window.location.origin ? url.pathname + url.search : null;
}
