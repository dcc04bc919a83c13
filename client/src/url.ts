import {root} from './root.js';

/** The absolute form of an address, relative to the page. */
export function absolute(base: string | URL): URL {
  return new URL(base, root.document?.baseURI ?? root.location?.href);
}

/**
 * The address with the position as `lastEventId`.
 *
 * The names in it are already percent-encoded. Encoding names outside ASCII again makes long addresses, so the bytes of such characters
 * stay as they are; the server reads both forms.
 */
export function withPosition(base: string | URL, lastEventId: string): string {
  const url = absolute(base);
  if (lastEventId === '') return url.href;
  url.searchParams.set('lastEventId', '');
  const encoded = encodeURIComponent(lastEventId).replace(/%25([89A-F][0-9A-F])/gi, '%$1');
  return url.href.replace(/[?&]lastEventId=/, (parameter: string) => parameter + encoded);
}
