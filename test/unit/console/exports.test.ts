// A new export in the address and as it is asked for, and its progress.
import { describe, expect, test } from '@jest/globals';
import { progressOf } from '../../../console/exports/progress.ts';
import { addressOfNew, bodyOf, FORMATS, newExportOf } from '../../../console/exports/request.ts';
import { FORMATS as KNOWN } from '../../../functions/api/operations/exports.ts';

const NOW = Date.parse('2026-11-30T12:00:00.000Z');

describe('a new export', () => {
  test('every format of the API can be chosen', () => {
    expect([...FORMATS].sort()).toEqual([...KNOWN].sort());
  });
  test('stands in the address, and comes out of it again', () => {
    const wanted = newExportOf(
      new URLSearchParams('new=1&q=a&last=24h&format=csv&fields=actor.id,chain&step=2&own=0&page=4&cursor=x'),
    );
    expect(wanted).toMatchObject({
      format: 'csv',
      fields: ['actor.id', 'chain'],
      step: 2,
      question: { q: 'a', page: 1, own: true },
    });
    expect(newExportOf(addressOfNew(wanted))).toEqual(wanted);
  });
  test('what is none of it is as if it were not there', () => {
    expect(newExportOf(new URLSearchParams('format=exe&step=9&fields='))).toMatchObject({
      format: 'xlsx',
      fields: [],
      step: 0,
    });
    expect(newExportOf(new URLSearchParams('step=-1'))).toMatchObject({ step: 0 });
  });
  test('as it is asked for: columns only of tables', () => {
    const wanted = newExportOf(new URLSearchParams('q=category%3Acase&last=7d&format=csv&fields=actor.id'));
    expect(bodyOf(wanted, 'clara', NOW)).toEqual({
      ...{ q: 'category:case', preset: '7d', order: 'desc', format: 'csv', fields: ['actor.id'] },
    });
    expect(bodyOf({ ...wanted, format: 'pdf' }, 'clara', NOW)).not.toHaveProperty('fields');
  });
});

test('progress: nothing is known without a count, and nothing is done before the proof is made', () => {
  const job = { rows: 25, createdAt: '2026-11-30T11:59:50.000Z' };
  expect(progressOf(job, undefined, NOW)).toEqual({ percent: undefined, remainingSeconds: undefined });
  expect(progressOf(job, 100, NOW)).toEqual({ percent: 25, remainingSeconds: 30 });
  expect(progressOf({ ...job, rows: 0 }, 100, NOW)).toEqual({ percent: 0, remainingSeconds: undefined });
  expect(progressOf({ ...job, rows: 120 }, 100, NOW)).toEqual({ percent: 99, remainingSeconds: 0 });
});
