/** A sorted set of keys, in S3's order: by their UTF-8 bytes, which differs from JavaScript's for characters beyond U+FFFF. */
import { compareText } from '../../names/order.ts';

/** A sorted set of keys: found and walked by binary search, thousands of keys inserted at the cost of moving memory. */
export class SortedKeys {
  readonly #keys: string[] = [];

  static from(keys: Iterable<string>): SortedKeys {
    const sorted = new SortedKeys();
    for (const key of [...keys].sort(compareText)) sorted.#keys.push(key);
    return sorted;
  }

  get size(): number {
    return this.#keys.length;
  }

  add(key: string): void {
    const at = this.lowerBound(key);
    if (this.#keys[at] !== key) this.#keys.splice(at, 0, key);
  }

  delete(key: string): void {
    const at = this.lowerBound(key);
    if (this.#keys[at] === key) this.#keys.splice(at, 1);
  }

  at(index: number): string | undefined {
    return this.#keys[index];
  }

  /** Index of the first key that is not below. */
  lowerBound(key: string): number {
    return this.#search((candidate) => compareText(candidate, key) >= 0);
  }

  /** Index after the last key that begins with the prefix, for a prefix whose keys begin at or before it. */
  afterPrefix(prefix: string): number {
    return this.#search((candidate) => !candidate.startsWith(prefix) && compareText(candidate, prefix) > 0);
  }

  /** `test` is false for a first stretch of keys and true from there on. */
  #search(test: (key: string) => boolean): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (test(this.#keys[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
