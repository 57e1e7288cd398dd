// Journals of the local runtime.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Journal } from '../../../local/journal.ts';

let path: string;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  path = join(folder, 'deep', 'queue.ndjson');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function contents(): Promise<[string, unknown][]> {
  const journal = await Journal.open<unknown>(path);
  const entries = [...journal.entries];
  await journal.close();
  return entries;
}

describe('a journal', () => {
  test('holds what was put and not dropped, in order, the newest value of each key', async () => {
    const journal = await Journal.open<number>(path);
    await Promise.all([journal.put('a', 1), journal.put('b', 2), journal.put('c', 3)]);
    await journal.put('a', 4);
    journal.drop('b');
    await journal.close();
    expect(await contents()).toEqual([
      ['a', 4],
      ['c', 3],
    ]);
  });

  test('what put has acknowledged is in the file', async () => {
    const journal = await Journal.open<string>(path);
    await journal.put('a', 'line\nbreak ✓');
    expect(readFileSync(path, 'utf8')).toBe(`${JSON.stringify({ put: 'a', value: 'line\nbreak ✓' })}\n`);
    await journal.close();
  });

  test('a line that was cut off is as if never written', async () => {
    const journal = await Journal.open<number>(path);
    await journal.put('a', 1);
    await journal.close();
    appendFileSync(path, '{"put":"b","val');
    expect(await contents()).toEqual([['a', 1]]);
    const after = await Journal.open<number>(path);
    await after.put('c', 3);
    await after.close();
    expect(await contents()).toEqual([
      ['a', 1],
      ['c', 3],
    ]);
  });

  test('grows with what is open, not with what has been', async () => {
    const journal = await Journal.open<string>(path);
    const value = 'x'.repeat(100_000);
    await journal.put('kept', 'k');
    for (let n = 0; n < 200; n += 1) {
      await journal.put(`n${n}`, value);
      journal.drop(`n${n}`);
    }
    await journal.close();
    expect(statSync(path).size).toBeLessThan(10_000_000);
    expect(await contents()).toEqual([['kept', 'k']]);
  });

  test('takes nothing after its end', async () => {
    const journal = await Journal.open<number>(path);
    await journal.close();
    await expect(journal.put('late', 1)).rejects.toThrow('is closed');
  });
});
