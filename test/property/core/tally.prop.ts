// Tallies are read as they were written, in one spelling, and count each entry once however a chain is cut.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CODES } from '../../../core/index/codes.ts';
import { PostingsError } from '../../../core/index/error.ts';
import { byHour, type Counted, HOUR_MS, type Tally, Tallying } from '../../../core/index/tally.ts';
import { decodeTally, encodeTally } from '../../../core/index/tally-bytes.ts';

const START = Date.parse('2026-02-27T22:00:00Z');

const entry = fc.record({
  step: fc.constantFrom(0, 0, 900, -900, 60_000, 25 * 60_000, HOUR_MS, -5 * HOUR_MS, 400 * 24 * HOUR_MS),
  code: fc.nat({ max: CODES - 1 }),
  category: fc.constantFrom('payment', 'audit_access'),
  actor: fc.constantFrom('u1', 'u2'),
  recorder: fc.constantFrom('u1', 'app', 'other'),
});

const blocks = fc.array(fc.array(entry, { maxLength: 4 }), { minLength: 1, maxLength: 30, size: 'max' });

interface Drawn {
  readonly position: number;
  readonly entries: readonly Counted[];
}

const chains = blocks.map((drawn): readonly Drawn[] => {
  let [time, position] = [START, 0];
  return drawn.map((entries) => {
    const made = entries.map(({ step, code, category, actor, recorder }): Counted => {
      time += Math.abs(step) > 24 * HOUR_MS ? 0 : step;
      const recordedAt = Math.abs(step) > 24 * HOUR_MS ? time + step : time;
      const entry = {
        category,
        actor: { type: 'user' as const, id: actor },
        recorder: { type: 'token' as const, id: recorder },
      };
      return { recordedAt, code, entry };
    });
    const block = { position, entries: made };
    position += Math.max(1, made.length);
    return block;
  });
});

const take = (tallying: Tallying, { position, entries }: Drawn) =>
  tallying.take({ position, count: Math.max(1, entries.length) }, entries);

const plain = ({ cells, others, ...rest }: Tally) => ({
  ...rest,
  cells: [...cells]
    .toSorted(([a], [b]) => a - b)
    .map(([cell, codes]) => [cell, [...codes].toSorted(([a], [b]) => a - b)]),
  others: others && [...others].toSorted((a, b) => a - b),
});

function countsOf(tallies: readonly Tally[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { cells } of tallies) {
    for (const [cell, codes] of cells) {
      for (const [code, count] of codes) {
        const key = `${cell} ${code}`;
        counts.set(key, (counts.get(key) ?? 0) + count);
      }
    }
  }
  return counts;
}

test('a chain that is gone along in parts is tallied as in one go, and every entry once', () => {
  fc.assert(
    fc.property(chains, fc.array(fc.nat({ max: 30 })), (chain, cuts) => {
      const whole = new Tallying(undefined);
      for (const block of chain) take(whole, block);
      let open: Tally | undefined;
      const closed: Tally[] = [];
      const ends = [...new Set([...cuts, chain.length])].toSorted((a, b) => a - b);
      for (let at = 0; at < chain.length; ) {
        const end = Math.min(ends.find((one) => one > at)!, chain.length);
        const part = new Tallying(open && decodeTally(encodeTally(open)));
        for (const block of chain.slice(at, end)) take(part, block);
        closed.push(...part.closed);
        open = part.open;
        at = end;
      }
      expect(closed.map(plain)).toEqual(whole.closed.map(plain));
      expect(open && plain(open)).toEqual(whole.open && plain(whole.open));
      const all = [...whole.closed, ...(whole.open === undefined ? [] : [whole.open])];
      const expected = new Map<string, number>();
      for (const { recordedAt, code } of chain.flatMap(({ entries }) => entries)) {
        const key = `${Math.floor(recordedAt / 1_800_000)} ${code}`;
        expected.set(key, (expected.get(key) ?? 0) + 1);
      }
      expect(countsOf(all.flatMap(byHour))).toEqual(expected);
      for (const { hour, cells } of all.flatMap(byHour)) {
        for (const cell of cells.keys()) expect(Math.abs(Math.floor(cell / 2) - hour)).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('whoever begins later ends stretches where others did, from some block on', () => {
  fc.assert(
    fc.property(chains, fc.nat({ max: 30 }), (chain, from) => {
      const [whole, late] = [new Tallying(undefined), new Tallying(undefined)];
      for (const block of chain) take(whole, block);
      for (const block of chain.slice(from)) take(late, block);
      const ends = new Set(whole.closed.map(({ end }) => end));
      const first = late.closed.findIndex(({ end }) => ends.has(end));
      if (first < 0) return;
      // Behind an end that both have, both have the same.
      const shared = late.closed[first]!.end;
      const behind = (tallies: readonly Tally[]) => tallies.filter((one) => one.first >= shared).map(plain);
      expect(behind(late.closed)).toEqual(behind(whole.closed));
    }),
  );
});

test('bytes are a tally in one spelling, or refused', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.uint8Array({ maxLength: 40 }).map((rest) => Uint8Array.of(1, ...rest)),
    fc.tuple(chains, fc.nat(), fc.nat({ max: 255 })).map(([chain, at, byte]) => {
      const tallying = new Tallying(undefined);
      for (const block of chain) take(tallying, block);
      if (tallying.open === undefined) return Uint8Array.of();
      const changed = encodeTally(tallying.open);
      changed[at % changed.length] = byte;
      return changed;
    }),
  );
  fc.assert(
    fc.property(bytes, (drawn) => {
      try {
        expect(encodeTally(decodeTally(drawn))).toEqual(Uint8Array.from(drawn));
      } catch (error) {
        expect(error).toBeInstanceOf(PostingsError);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('identities that are too many are not named', () => {
  const tallying = new Tallying(undefined);
  const entries = Array.from({ length: 40 }, (_, i): Counted => {
    const actor = { type: 'user' as const, id: 'u1', onBehalfOf: `u${i + 1}` };
    return { recordedAt: START, code: 1, entry: { category: 'account', actor, recorder: { type: 'token', id: 'u1' } } };
  });
  tallying.take({ position: 0, count: 40 }, entries.slice(0, 33));
  expect(tallying.open!.others!.size).toBe(32);
  tallying.take({ position: 40, count: 40 }, entries);
  expect(tallying.open!.others).toBeUndefined();
  expect(decodeTally(encodeTally(tallying.open!)).others).toBeUndefined();
});
