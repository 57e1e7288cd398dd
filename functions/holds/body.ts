import { CATEGORIES } from '../../core/catalog/categories.ts';
import type { HoldScope } from '../../core/documents/hold.ts';
import { MAX_IDENTIFIER, MAX_NAME, PLAIN_PATTERN } from '../../core/entry/schema.ts';
import { parseTime } from '../../core/entry/time.ts';
import { toPointer } from '../../core/json/pointer.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/value.ts';
import { MAX_REASON } from '../shared/api/holds.ts';
import { Problem, type ProblemFault } from '../shared/problem.ts';

const PLAIN = new RegExp(PLAIN_PATTERN);

/** What POST /v1/holds takes. The scope has to be said, be it `{}`: nobody holds everything by leaving something out. */
export function readHold(body: JsonValue): { readonly reason: string; readonly scope: HoldScope } {
  const faults: ProblemFault[] = [];
  const members = new Members(body, [], faults);
  const reason = members.text('reason', MAX_REASON, { required: true, anything: true });
  const scope = members.object('scope', true);
  members.refuseOthers();
  const found = scope === undefined ? {} : readScope(scope);
  return settled(faults, { reason: reason!, scope: found });
}

/** What POST /v1/holds/{id}/release takes. */
export function readRelease(body: JsonValue): { readonly reason: string } {
  const faults: ProblemFault[] = [];
  const members = new Members(body, [], faults);
  const reason = members.text('reason', MAX_REASON, { required: true, anything: true });
  members.refuseOthers();
  return settled(faults, { reason: reason! });
}

function settled<T>(faults: readonly ProblemFault[], value: T): T {
  if (faults.length === 0) return value;
  throw new Problem('invalid-hold', 'Nothing was changed.', { errors: faults });
}

function readScope(members: Members): HoldScope {
  const subject = members.text('subject', MAX_IDENTIFIER);
  const category = members.text('category', MAX_NAME);
  if (category !== undefined && !CATEGORIES.has(category)) {
    members.fault('category', 'unknown-category', 'got another text, want a category of the catalog');
  }
  const [from, to] = [members.time('from'), members.time('to')];
  if (from !== undefined && to !== undefined && from >= to) {
    members.fault('to', 'empty-range', 'got a time that is not after from, want a later one');
  }
  const target = readTarget(members.object('target'));
  members.refuseOthers();
  return {
    ...(subject === undefined ? {} : { subject }),
    ...(target === undefined ? {} : { target }),
    ...(category === undefined ? {} : { category }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

function readTarget(members: Members | undefined): HoldScope['target'] {
  if (members === undefined) return undefined;
  const type = members.text('type', MAX_NAME, { required: true });
  const id = members.text('id', MAX_IDENTIFIER);
  members.refuseOthers();
  return { type: type!, ...(id === undefined ? {} : { id }) };
}

interface TextRules {
  readonly required?: boolean;
  /** Line feeds and their like are allowed. */
  readonly anything?: boolean;
}

/** Members of one object of the body; what is wrong with them is gathered, by pointer. */
class Members {
  readonly #object: JsonObject;
  readonly #path: readonly string[];
  readonly #faults: ProblemFault[];
  readonly #known = new Set<string>();

  constructor(value: JsonValue, path: readonly string[], faults: ProblemFault[]) {
    this.#object = isJsonObject(value) ? value : {};
    this.#path = path;
    this.#faults = faults;
    if (!isJsonObject(value)) this.fault(undefined, 'not-an-object', 'got something else, want an object');
  }

  text(name: string, most: number, { required = false, anything = false }: TextRules = {}): string | undefined {
    const value = this.#take(name, required);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return this.fault(name, 'wrong-type', 'got something else, want text');
    if (value.trim() === '') return this.fault(name, 'empty', 'got no text, want at least one character');
    const length = [...value].length;
    if (length > most) return this.fault(name, 'too-long', `got ${length} characters, want at most ${most}`);
    if (!anything && !PLAIN.test(value)) return this.fault(name, 'control-character', 'got control characters');
    return value;
  }

  /** As the format writes it. */
  time(name: string): string | undefined {
    const value = this.#take(name, false);
    if (value === undefined) return undefined;
    const time = typeof value === 'string' ? parseTime(value) : undefined;
    if (time === undefined) return this.fault(name, 'not-a-time', 'got something else, want an RFC 3339 time');
    return new Date(time).toISOString();
  }

  object(name: string, required = false): Members | undefined {
    const value = this.#take(name, required);
    return value === undefined ? undefined : new Members(value, [...this.#path, name], this.#faults);
  }

  refuseOthers(): void {
    for (const name of Object.keys(this.#object)) {
      if (!this.#known.has(name)) this.fault(name, 'unknown-field', 'got a member that has no meaning here');
    }
  }

  fault(name: string | undefined, code: string, detail: string): undefined {
    this.#faults.push({ pointer: toPointer(name === undefined ? this.#path : [...this.#path, name]), code, detail });
  }

  #take(name: string, required: boolean): JsonValue | undefined {
    this.#known.add(name);
    if (Object.hasOwn(this.#object, name)) return this.#object[name];
    return required ? this.fault(name, 'missing-field', 'got nothing, want a value: it is required') : undefined;
  }
}
