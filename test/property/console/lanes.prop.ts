// Folding the changes of a record: held against states that are merged naively, entry by entry.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { momentsOf as gapsOf } from '../../../console/record/gaps.ts';
import { lanesOf, momentsOf, stateAt } from '../../../console/record/lanes.ts';
import { leavesOf } from '../../../console/record/leaves.ts';
import { isJsonObject, type JsonValue, setMember } from '../../../core/json/value.ts';
import { historyOf, START } from '../../support/history.ts';

const name = fc.constantFrom('a', 'b', 'a/b', '~', '__proto__', '');
const { state } = fc.letrec<{ state: JsonValue }>((tie) => ({
  state: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<JsonValue>(null, true, 0, 1, 'x', [], [1, 2]),
    fc.array(fc.tuple(name, tie('state')), { maxLength: 3 }).map((members) => {
      const object = {};
      for (const [key, value] of members) setMember(object, key, value);
      return object;
    }),
  ),
}));
/** A record's state is an object, or nothing. */
const whole = state.filter((one) => isJsonObject(one) && Object.keys(one).length > 0);
const change = fc.record({ before: fc.option(whole, { nil: undefined }), after: fc.option(whole, { nil: undefined }) });
const changes = fc.array(change, { maxLength: 8 });

/** Without what `before` has and `after` hasn't, with what `after` has; an object that nothing is left in goes. */
function merged(
  known: JsonValue | undefined,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): JsonValue | undefined {
  if (isLeaf(after)) return after;
  if (after === undefined && (before === undefined || isLeaf(before)))
    return before === undefined ? known : isLeaf(known) ? undefined : known;
  const result = {};
  const member = (of: JsonValue | undefined, key: string) =>
    isJsonObject(of) && Object.hasOwn(of, key) ? of[key] : undefined;
  const names = new Set([known, before, after].flatMap((one) => (isJsonObject(one) ? Object.keys(one) : [])));
  for (const key of names) {
    const value = merged(member(known, key), member(before, key), member(after, key));
    if (value !== undefined) setMember(result, key, value);
  }
  if (Object.keys(result).length > 0) return result;
  return isLeaf(known) ? known : undefined;
}

const isLeaf = (value: JsonValue | undefined): boolean =>
  value !== undefined && (!isJsonObject(value) || Object.keys(value).length === 0);

/** Values that an entry is the cause of: what was there before the first change is no fold's result. */
const caused = (lanes: ReturnType<typeof lanesOf>, at: number) =>
  new Map(
    stateAt(lanes, at)
      .filter(({ segment }) => segment.from !== undefined)
      .map(({ pointer, segment }) => [pointer, segment.value]),
  );

test('at every moment the state is what merging the entries until then makes', () => {
  fc.assert(
    fc.property(changes, (all) => {
      const lanes = lanesOf(historyOf(all.map((one, i) => ({ at: i * 10, change: one }))));
      let known: JsonValue | undefined;
      for (const [i, { before, after }] of all.entries()) {
        known = merged(known, before, after);
        const expected = leavesOf(known);
        const found = caused(lanes, START + i * 10);
        for (const [pointer, value] of found) expect([pointer, expected.get(pointer)]).toEqual([pointer, value]);
        // What was there all the time, as the first entry to name it says, is in no lane as caused.
        const ever = new Set(stateAt(lanes, START + i * 10).map(({ pointer }) => pointer));
        expect([...expected.keys()].filter((pointer) => !ever.has(pointer))).toEqual([]);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('each lane is whole: segments follow each other without hole or overlap, and change something', () => {
  fc.assert(
    fc.property(changes, fc.array(fc.nat(5), { minLength: 8, maxLength: 8 }), (all, steps) => {
      let at = 0;
      const rows = historyOf(
        all.map((one, i) => {
          at += steps[i]!;
          return { at, change: one };
        }),
      );
      const lanes = lanesOf(rows);
      for (const { segments } of lanes) {
        expect(segments.at(-1)!.to).toBeUndefined();
        for (const [i, { from, by, value, said }] of segments.entries()) {
          expect(from === undefined).toBe(i === 0 && by === undefined);
          if (i === 0) continue;
          expect(segments[i - 1]!.to).toBe(from);
          if (said === undefined) expect(segments[i - 1]!.value).not.toEqual(value);
        }
      }
      const times = new Set(rows.map(({ entry }) => Date.parse(entry.occurredAt)));
      expect(momentsOf(lanes).filter((time) => !times.has(time))).toEqual([]);
    }),
  );
});

test('no value stands beside another one above or below it', () => {
  fc.assert(
    fc.property(changes, (all) => {
      const lanes = lanesOf(historyOf(all.map((one, i) => ({ at: i * 10, change: one }))));
      const known = lanes.filter(({ segments }) => segments.at(-1)!.value !== undefined).map(({ pointer }) => pointer);
      for (const one of known) expect(known.filter((other) => other.startsWith(`${one}/`))).toEqual([]);
    }),
  );
});

test('gaps together are the whole time', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000_000), { minLength: 1 }), (times) => {
      const sorted = times.toSorted((a, b) => a - b);
      const moments = gapsOf(historyOf(sorted.map((at) => ({ at }))));
      expect(moments.reduce((sum, { after }) => sum + after, 0)).toBe(sorted.at(-1)! - sorted[0]!);
      expect(moments.every(({ share }) => share >= 0 && share <= 1)).toBe(true);
      expect(Math.max(...moments.map(({ share }) => share))).toBe(sorted.at(-1) === sorted[0] ? 0 : 1);
    }),
  );
});
