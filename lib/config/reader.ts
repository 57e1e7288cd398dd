/** Reads untrusted JSON into typed values and gathers every fault, each with its path, before anything is refused. */
export class Faults {
  readonly #lines: string[] = [];

  add(path: string, got: unknown, want: string): void {
    this.#lines.push(`${path}: got ${describe(got)}, want ${want}`);
  }

  get lines(): readonly string[] {
    return this.#lines;
  }
}

/** Strings in full (a configuration holds no secrets), containers by kind. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface Rule {
  readonly want: string;
  accepts(text: string): boolean;
}

/** One object of the configuration. Every member must be taken by name, so that a misspelled one is a fault. */
export class Section {
  readonly #value: JsonObject;
  readonly #path: string;
  readonly #faults: Faults;
  readonly #known = new Set<string>();

  constructor(value: unknown, path: string, faults: Faults) {
    this.#path = path;
    this.#faults = faults;
    this.#value = isObject(value) ? value : {};
    if (!isObject(value)) faults.add(path || 'configuration', value, 'an object');
  }

  has(name: string): boolean {
    this.#known.add(name);
    return this.#value[name] !== undefined;
  }

  section(name: string): Section {
    return new Section(this.#take(name), this.#at(name), this.#faults);
  }

  text(name: string, want: string, accepts: (text: string) => boolean): string {
    return this.#checked(name, want, (value): value is string => typeof value === 'string' && accepts(value), '');
  }

  whole(name: string, least: number, most: number, because = ''): number {
    const want = `a whole number from ${least} to ${most}${because && ` (${because})`}`;
    const accepts = (value: unknown): value is number =>
      Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
    return this.#checked(name, want, accepts, least);
  }

  flag(name: string): boolean {
    return this.#checked(name, 'true or false', (value): value is boolean => typeof value === 'boolean', false);
  }

  texts(name: string, want: string, accepts: (text: string) => boolean, least = 0): string[] {
    return this.#items(name, least).flatMap((item, index) => {
      if (typeof item === 'string' && accepts(item)) return [item];
      this.#faults.add(`${this.#at(name)}[${index}]`, item, want);
      return [];
    });
  }

  sections(name: string): Section[] {
    return this.#items(name).map((item, index) => new Section(item, `${this.#at(name)}[${index}]`, this.#faults));
  }

  /** A map whose keys are the deployment's own. */
  map(name: string, key: Rule, item: Rule): Record<string, string> {
    const value = this.#checked(name, 'an object', isObject, {});
    const read: Record<string, string> = {};
    for (const [at, text] of Object.entries(value)) {
      if (!key.accepts(at)) this.#faults.add(`a key of ${this.#at(name)}`, at, key.want);
      else if (typeof text !== 'string' || !item.accepts(text))
        this.#faults.add(`${this.#at(name)}.${at}`, text, item.want);
      else read[at] = text;
    }
    return read;
  }

  /** An object that somebody else reads (domain.ts). */
  object(name: string): JsonObject {
    return this.#checked(name, 'an object', isObject, {});
  }

  /** An object of objects whose names are the deployment's own. */
  named(name: string, key: Rule): [name: string, section: Section][] {
    const value = this.#checked(name, 'an object', isObject, {});
    return Object.entries(value).flatMap(([at, item]) => {
      if (key.accepts(at)) return [[at, new Section(item, `${this.#at(name)}.${at}`, this.#faults)]];
      this.#faults.add(`a key of ${this.#at(name)}`, at, key.want);
      return [];
    });
  }

  /** To be called last: whatever was not taken is unknown. */
  finish(): void {
    for (const name of Object.keys(this.#value)) {
      if (this.#known.has(name)) continue;
      this.#faults.add(this.#at(name), this.#value[name], `no such setting; known are ${[...this.#known].join(', ')}`);
    }
  }

  #items(name: string, least = 0): readonly unknown[] {
    const want = least === 0 ? 'an array' : `an array of at least ${least}`;
    const accepts = (value: unknown): value is unknown[] => Array.isArray(value) && value.length >= least;
    return this.#checked<readonly unknown[]>(name, want, accepts, []);
  }

  #checked<T>(name: string, want: string, accepts: (value: unknown) => value is T, otherwise: T): T {
    const value = this.#take(name);
    if (accepts(value)) return value;
    this.#faults.add(this.#at(name), value, want);
    return otherwise;
  }

  #take(name: string): unknown {
    this.#known.add(name);
    return this.#value[name];
  }

  #at(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }
}
