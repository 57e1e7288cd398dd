// Ids of entries, jobs and holds.
import { expect, test } from '@jest/globals';
import { newId } from '../../../functions/shared/id.ts';

test('no id comes twice, also when random bytes are fetched again', () => {
  const ids = Array.from({ length: 2_500 }, newId);
  expect(new Set(ids.map((id) => id.slice(14))).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
