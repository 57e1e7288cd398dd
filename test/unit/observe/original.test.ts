// Cutting events to fit.
import { describe, expect, test } from '@jest/globals';
import { fitInto, jsonBytes } from '../../../services/observe/original.ts';

describe('making room', () => {
  test('one huge text loses its end, and its neighbours nothing', () => {
    const original = { id: 'e1', detail: { policy: 'p'.repeat(10_000), bucket: 'b' } };
    const { value, cuts } = fitInto(original, 1_000);
    expect(value).toMatchObject({ id: 'e1', detail: { bucket: 'b', policy: expect.stringMatching(/^p{300,}$/) } });
    expect(cuts).toEqual([{ pointer: '/detail/policy', bytes: expect.any(Number), reason: 'size' }]);
  });

  test('a text is never cut inside a character', () => {
    const { value } = fitInto({ s: '😀'.repeat(1_000) }, 500);
    expect((value as { s: string }).s).toMatch(/^(?:😀)+$/u);
  });

  test('a long array keeps its first items and names the first that is missing', () => {
    const { value, cuts } = fitInto({ items: Array.from({ length: 1_000 }, (_, i) => ({ id: `i-${i}` })) }, 1_000);
    const { items } = value as { items: { id: string }[] };
    expect(items[0]).toEqual({ id: 'i-0' });
    expect(cuts).toEqual([{ pointer: `/items/${items.length}`, bytes: expect.any(Number), reason: 'size' }]);
  });

  test('one huge item of an array is cut inside', () => {
    const { value, cuts } = fitInto([{ a: 1 }, { text: 'x'.repeat(5_000) }, { b: 2 }], 600);
    expect(value).toMatchObject([{ a: 1 }, { text: expect.stringMatching(/^x+$/) }, { b: 2 }]);
    expect(cuts).toMatchObject([{ pointer: '/1/text' }]);
  });

  test('a huge list of small members goes as a whole', () => {
    const tags = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`tag${i}`, 'v']));
    const { value, cuts } = fitInto({ id: 'e1', tags }, 2_000);
    expect(value).toEqual({ id: 'e1' });
    expect(cuts).toEqual([{ pointer: '/tags', bytes: jsonBytes(tags), reason: 'size' }]);
  });

  test('when nothing fits, nothing is kept and its size is told', () => {
    expect(fitInto({ a: 'x'.repeat(500) }, 20)).toEqual({
      value: undefined,
      cuts: [{ pointer: '', bytes: 508, reason: 'size' }],
    });
  });
});
