// Tables that records are looked up in.

/** Without a prototype: whoever writes a record chooses its names, and `constructor` is in no table. */
export function table<T>(rows: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null), rows) as Readonly<Record<string, T>>;
}
