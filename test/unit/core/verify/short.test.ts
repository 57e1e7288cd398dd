// Chains that a contents document says are short.
import { expect, test } from '@jest/globals';
import { CONTENTS, type Contents, type ShortHead } from '../../../../core/documents/contents.ts';

const EMPTY: Contents = {
  ...{ v: 1, kind: 'contents', tenant: 'acme', seal: 3, segments: [], tombstones: [], holds: [] },
  ...{ nextTombstone: 0, nextHold: 0 },
};
const head = (chain: number, more: Partial<ShortHead> = {}): ShortHead => ({
  ...{ chain, size: 9, reason: 'disputed', since: '2026-03-04T00:10:00.000Z' },
  ...more,
});
const format = (short: ShortHead[]) => CONTENTS.format({ ...EMPTY, short });

test('come back as they were written, and a document without them is what it always was', () => {
  expect(CONTENTS.parse(format([head(0), head(7)])).short).toEqual([head(0), head(7)]);
  expect(new TextDecoder().decode(CONTENTS.format(EMPTY))).not.toContain('short');
});

test.each<[string, ShortHead[]]>([
  ['none', []],
  ['one chain twice', [head(1), head(1)]],
  ['chains that do not rise', [head(2), head(1)]],
  ['a chain that there is not', [head(64)]],
  ['a reason that is no code', [head(0, { reason: 'Who knows?' })]],
  ['a time that is none', [head(0, { since: 'yesterday' })]],
])('are refused with %s', (_name, short) => {
  expect(() => format(short)).toThrow();
});
