/** Keys in S3's order: by their UTF-8 bytes, which differs from JavaScript's for characters beyond U+FFFF. */

export function compareKeys(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a !== b) return inUtf8Order(a) - inUtf8Order(b);
  }
  return left.length - right.length;
}

/** Surrogates stand for what is beyond U+FFFF, so that they come after U+E000–U+FFFF. */
function inUtf8Order(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

/** A sorted set of keys: found and walked by binary search, thousands of keys inserted at the cost of moving memory. */
export class SortedKeys {
  readonly #keys: string[] = [];

  static from(keys: Iterable<string>): SortedKeys {
    const sorted = new SortedKeys();
    for (const key of [...keys].sort(compareKeys)) sorted.#keys.push(key);
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
    return this.#search((candidate) => compareKeys(candidate, key) >= 0);
  }

  /** Index after the last key that begins with the prefix, for a prefix whose keys begin at or before it. */
  afterPrefix(prefix: string): number {
    return this.#search((candidate) => !candidate.startsWith(prefix) && compareKeys(candidate, prefix) > 0);
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
