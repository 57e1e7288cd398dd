/** A map that forgets everything once it is full: what is in it can be made again. */
export class BoundedCache<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  set(key: K, value: V): void {
    if (this.#entries.size >= this.#most) this.#entries.clear();
    this.#entries.set(key, value);
  }
}
