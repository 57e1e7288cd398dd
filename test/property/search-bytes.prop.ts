// What searches find out of bytes quickly is what they find out slowly.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { recordedAtOf, recordedAtSlowly } from '../../services/search/recorded-at.ts';

const piece = fc.constantFrom(
  ...[
    '"recordedAt":"',
    '"recordedAt":',
    '2026-03-01T00:00:00.000Z',
    '2026-13-01T00:00:00.000Z',
    '"',
    '}',
    ',',
    'é',
    '{',
  ],
  ...['"recordedAt":"2026-03-01T00:00:00.000Z"', '"recordedAt":"1999-01-01T10:00:00.123Z"', '"recorder":{', '\\"'],
);

test('the time of recording in any bytes', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const bytes = new TextEncoder().encode(pieces.join(''));
      expect(recordedAtOf(bytes)).toBe(recordedAtSlowly(bytes));
    }),
    { numRuns: 5_000 },
  );
});
