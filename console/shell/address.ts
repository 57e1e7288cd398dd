// Where in the console somebody is: behind `#`, which no server and no log ever sees.
import { useSyncExternalStore } from 'react';

/** `#/entries?q=…`: the page, and what it shows. */
export interface Address {
  readonly page: string;
  readonly state: URLSearchParams;
}

let known = '';
let parsed: Address = { page: '', state: new URLSearchParams() };

/** The same object as long as the address is the same. */
function current(): Address {
  if (location.hash !== known) {
    known = location.hash;
    parsed = addressOf(known);
  }
  return parsed;
}

/** Of text such as `#/entries?q=…`; what is none leads to no page. */
function addressOf(hash: string): Address {
  const [path = '', query = ''] = split(hash.replace(/^#\/?/, ''));
  return { page: path, state: new URLSearchParams(query) };
}

function split(text: string): [string, string] {
  const at = text.indexOf('?');
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** The text that `addressOf` reads. */
export function hashOf(page: string, state?: URLSearchParams): string {
  const query = state?.toString() ?? '';
  return `#/${page}${query === '' ? '' : `?${query}`}`;
}

export function useAddress(): Address {
  return useSyncExternalStore(subscribe, current);
}

/** `replace` where going back should not lead through every letter that was typed. */
export function go(hash: string, how: 'push' | 'replace' = 'push'): void {
  if (hash === location.hash) return;
  if (how === 'push') {
    location.hash = hash;
    return;
  }
  history.replaceState(null, '', hash);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}
