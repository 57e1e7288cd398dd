// The state of a record through time, folded from what its entries say of before and after.
import type { JsonValue } from '../../core/json/value.ts';
import type { Row } from '../entries/use-entries.ts';
import { leavesOf, same, waysTo } from './leaves.ts';

/** One value, from then to then. */
export interface Segment {
  /** Undefined while there is no such value. */
  readonly value: JsonValue | undefined;
  /** Epoch milliseconds; undefined for what was there before the first change that is known. */
  readonly from: number | undefined;
  /** Undefined for what still holds. */
  readonly to: number | undefined;
  /** The entry that made it so. */
  readonly by: Row | undefined;
  /** What that entry says was there before, where the entries until then say otherwise: a change that nobody recorded. */
  readonly said: { readonly value: JsonValue } | undefined;
}

export interface Lane {
  /** JSON pointer into the state. */
  readonly pointer: string;
  /** In their order, each ending where the next one begins. */
  readonly segments: readonly Segment[];
}

/** `rows`: entries that change this record, in the order in which they occurred. Lanes come in the order of their first value. */
export function lanesOf(rows: readonly Row[]): readonly Lane[] {
  const fold = new Fold();
  for (const row of rows) fold.apply(row);
  return fold.lanes();
}

/** What holds then (epoch milliseconds), of every lane that has a value. */
export function stateAt(lanes: readonly Lane[], at: number): readonly { pointer: string; segment: Segment }[] {
  return lanes.flatMap(({ pointer, segments }) => {
    const segment = segments.findLast(({ from }) => from === undefined || from <= at);
    return segment?.value === undefined ? [] : [{ pointer, segment }];
  });
}

/** When anything changed: epoch milliseconds, ascending, each once. */
export function momentsOf(lanes: readonly Lane[]): readonly number[] {
  const times = lanes.flatMap(({ segments }) => segments.flatMap(({ from }) => (from === undefined ? [] : [from])));
  return [...new Set(times)].sort((a, b) => a - b);
}

type Open = { -readonly [K in keyof Segment]: Segment[K] };

/** What one entry does to one value. */
interface Put {
  readonly pointer: string;
  readonly value: JsonValue | undefined;
  /** What the entry says was there. */
  readonly said: JsonValue | undefined;
  readonly at: number;
  readonly by: Row;
}

/** What an entry leaves out stays as it was: applications tell of what changed, and seldom of all there is. */
class Fold {
  readonly #lanes = new Map<string, Open[]>();
  /** How many values there are below a pointer: a value and others below it can't be there at once. */
  readonly #below = new Map<string, number>();

  apply(by: Row): void {
    const { change, occurredAt } = by.entry;
    if (change === undefined) return;
    const at = Date.parse(occurredAt);
    const [before, after] = [leavesOf(change.before as JsonValue), leavesOf(change.after as JsonValue)];
    const put = (pointer: string, value: JsonValue | undefined): void =>
      this.#put({ pointer, value, said: before.get(pointer), at, by });
    for (const pointer of before.keys()) if (!after.has(pointer)) put(pointer, undefined);
    for (const [pointer, value] of after) {
      for (const other of this.#excludedBy(pointer)) put(other, undefined);
      put(pointer, value);
    }
  }

  lanes(): readonly Lane[] {
    return [...this.#lanes].map(([pointer, segments]) => ({ pointer, segments }));
  }

  /** Values that can't be there beside one at this pointer. */
  #excludedBy(pointer: string): string[] {
    const above = [...waysTo(pointer)].filter((way) => this.#known(way) !== undefined);
    if ((this.#below.get(pointer) ?? 0) === 0) return above;
    const below = [...this.#lanes.keys()].filter((one) => one.startsWith(`${pointer}/`));
    return [...above, ...below.filter((one) => this.#known(one) !== undefined)];
  }

  #known(pointer: string): JsonValue | undefined {
    return this.#lanes.get(pointer)?.at(-1)?.value;
  }

  #put({ pointer, value, said, at, by }: Put): void {
    const isNew = !this.#lanes.has(pointer);
    if (isNew && said !== undefined)
      this.#open(pointer, { value: said, from: undefined, by: undefined, said: undefined });
    const known = this.#known(pointer);
    const contradicts = !isNew && said !== undefined && !same(said, known);
    if (same(value, known) && !contradicts) return;
    this.#open(pointer, { value, from: at, by, said: contradicts ? { value: said } : undefined });
  }

  #open(pointer: string, segment: Omit<Open, 'to'>): void {
    const lane = this.#lanes.get(pointer) ?? [];
    const last = lane.at(-1);
    if (last !== undefined) last.to = segment.from;
    this.#count(pointer, Number(segment.value !== undefined) - Number(last?.value !== undefined));
    lane.push({ ...segment, to: undefined });
    this.#lanes.set(pointer, lane);
  }

  #count(pointer: string, more: number): void {
    if (more === 0) return;
    for (const way of waysTo(pointer)) this.#below.set(way, (this.#below.get(way) ?? 0) + more);
  }
}
