// Counting what a search finds, as far as that is cheap.
import { expect, test } from '@jest/globals';
import { Api } from '../../../console/api/client.ts';
import { preview } from '../../../console/show/preview.ts';

/** An API with this many entries, in pages as it is asked for them. */
function apiWith(total: number, over: object = {}) {
  const asked: URLSearchParams[] = [];
  const bearer = { token: async () => 't', renew: async () => undefined, expire: () => undefined };
  const api = new Api(bearer, 'compliance', async (input) => {
    const { searchParams } = new URL(String(input), 'http://api');
    asked.push(searchParams);
    const from = Number(searchParams.get('cursor') ?? 0);
    const end = Math.min(total, from + Number(searchParams.get('limit')));
    const entries = Array.from({ length: end - from }, (_, i) => ({ chain: 0, position: from + i, entry: {} }));
    return Response.json({ entries, cursor: end < total ? String(end) : null, complete: true, gaps: [], ...over });
  });
  return { api, asked };
}

const signal = new AbortController().signal;

test('ten are shown, all are counted', async () => {
  const { api, asked } = apiWith(450);
  const found = await preview(api, { q: 'a' }, () => true, signal);
  expect([found.rows.length, found.count, found.more, asked.length]).toEqual([10, 450, false, 3]);
  expect(asked.every((one) => one.get('q') === 'a')).toBe(true);
});

test('what does not count is left out, of the shown ones too', async () => {
  const { api } = apiWith(450);
  const found = await preview(api, {}, ({ position }) => position % 100 === 99, signal);
  expect(found.rows.map(({ position }) => position)).toEqual([99, 199, 299, 399]);
  expect(found.count).toBe(4);
});

test('it ends where it would cost too much, and says so', async () => {
  const { api, asked } = apiWith(5_000);
  const found = await preview(api, {}, () => true, signal);
  expect([found.count, found.more, asked.length]).toEqual([1_000, true, 5]);
});

test('nothing, what is in the archive, and places that can’t be read', async () => {
  const beyond = { from: 'a', to: 'b' };
  const gaps = [{ tenant: 'north', chain: 0, first: 1, last: 1, reason: 'altered' }];
  expect(await preview(apiWith(0, { beyond, gaps }).api, {}, () => true, signal)).toEqual({
    ...{ rows: [], count: 0, more: false, beyond, gaps: true },
  });
});
