// Postings are read as they were written, in one spelling.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CODES } from '../../../core/index/codes.ts';
import { PostingsError } from '../../../core/index/error.ts';
import {
  decodePostings,
  encodePostings,
  LAST_TIME,
  MAX_ROW_POSTINGS,
  type Posting,
} from '../../../core/index/postings.ts';
import { MAX_BLOCK_ENTRIES } from '../../../core/limits.ts';

const TIME = Date.parse('2026-02-27T22:00:00Z');

/** Blocks one after the other, with entries of some of their offsets. */
const postings = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 2 ** 40 })),
      offsets: fc.uniqueArray(fc.nat({ max: MAX_BLOCK_ENTRIES - 1 }), { minLength: 1, maxLength: 8 }),
      code: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: CODES - 1 })),
      time: fc.oneof(fc.integer({ min: -5_000, max: 90_000 }), fc.nat({ max: 7_000_000_000_000 })),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((blocks) => {
    const made: Posting[] = [];
    let block = 0;
    for (const { gap, offsets, time, code } of blocks) {
      block += gap;
      const sorted = offsets.toSorted((a, b) => a - b);
      for (const offset of sorted) {
        const told = (code + (offset % 5)) % CODES;
        made.push({ block, offset, recordedAt: TIME + time + (offset % 3), ...(told === 0 ? {} : { code: told }) });
      }
      block += sorted.at(-1)! + 1;
    }
    return made;
  });

test('postings come back as they were', () => {
  fc.assert(fc.property(postings, (drawn) => expect(decodePostings(encodePostings(drawn))).toEqual(drawn)));
});

test('bytes are postings in one spelling, or refused', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.uint8Array({ maxLength: 40 }).map((rest) => Uint8Array.of(2, 3, ...rest)),
    fc.tuple(postings, fc.nat(), fc.nat({ max: 255 })).map(([drawn, at, byte]) => {
      const changed = encodePostings(drawn);
      changed[at % changed.length] = byte;
      return changed;
    }),
  );
  fc.assert(
    fc.property(bytes, (drawn) => {
      try {
        expect(encodePostings(decodePostings(drawn))).toEqual(Uint8Array.from(drawn));
      } catch (error) {
        expect(error).toBeInstanceOf(PostingsError);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a posting takes 21 bytes at most, and few where entries come close together', () => {
  const far = Array.from({ length: MAX_ROW_POSTINGS }, (_, i) => ({
    ...{ block: i * 2 ** 41, offset: MAX_BLOCK_ENTRIES - 1, recordedAt: i % 2 === 0 ? LAST_TIME : 0 },
    code: i % CODES,
  }));
  expect(encodePostings(far).length).toBeLessThanOrEqual(21 * MAX_ROW_POSTINGS + 3);
  const near = Array.from({ length: 1_000 }, (_, i) => ({
    ...{ block: Math.floor(i / 10) * 100, offset: (i % 10) * 10, recordedAt: TIME + i * 10 },
    code: 1 + (i % 16),
  }));
  expect(encodePostings(near).length).toBeLessThan(3.5 * near.length);
});
