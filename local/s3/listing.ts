/** Walking a bucket's keys in order, with prefixes rolled up at a delimiter, from any place, a page at a time. */
import type { SortedKeys } from './keys.ts';

export type Listed =
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'prefix'; readonly name: string };

export interface Walk {
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
  /** Begin behind this key, or behind every key of this common prefix. */
  readonly after?: Listed;
  /** Keys that are not listed at all, such as those under a delete marker. */
  readonly visible: (key: string) => boolean;
}

/** Costs a binary search for each common prefix, and nothing for the keys under it. */
export function* walk(keys: SortedKeys, { prefix, delimiter, after, visible }: Walk): Generator<Listed> {
  let at = Math.max(keys.lowerBound(prefix), after ? start(keys, after) : 0);
  for (let key = keys.at(at); key?.startsWith(prefix); key = keys.at(at)) {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (!visible(key)) {
      at += 1;
    } else if (end < 0) {
      yield { kind: 'key', name: key };
      at += 1;
    } else {
      const common = key.slice(0, end + delimiter.length);
      yield { kind: 'prefix', name: common };
      at = keys.afterPrefix(common);
    }
  }
}

function start(keys: SortedKeys, { kind, name }: Listed): number {
  if (kind === 'prefix') return keys.afterPrefix(name);
  const at = keys.lowerBound(name);
  return keys.at(at) === name ? at + 1 : at;
}

/** A marker may be a common prefix that an earlier page ended with. */
export function markerPlace(marker: string, prefix: string, delimiter: string): Listed {
  const at = delimiter === '' || !marker.startsWith(prefix) ? -1 : marker.indexOf(delimiter, prefix.length);
  return { kind: at >= 0 && at + delimiter.length === marker.length ? 'prefix' : 'key', name: marker };
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly truncated: boolean;
}

/** One more than asked for tells whether there is more. */
export function page<T>(items: Iterable<T>, size: number): Page<T> {
  const found: T[] = [];
  if (size === 0) return { items: found, truncated: false };
  for (const item of items) {
    if (found.length === size) return { items: found, truncated: true };
    found.push(item);
  }
  return { items: found, truncated: false };
}
