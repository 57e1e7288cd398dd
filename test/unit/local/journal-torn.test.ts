// A journal whose last line is cut off.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Journal } from '../../../local/journal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-torn-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Blocks of 1,024 bytes that the child may write to one file: the disk is full in the middle of a line. */
const FULL_AFTER_BLOCKS = 2;

test('a line that the disk takes only in part is refused, and takes no other with it', async () => {
  const path = join(folder, 'journal.ndjson');
  const module = pathToFileURL(fileURLToPath(new URL('../../../local/journal.ts', import.meta.url))).href;
  const script = `
    const { Journal } = await import(${JSON.stringify(module)});
    const journal = await Journal.open(${JSON.stringify(path)});
    await journal.put('before', 1);
    const refused = await journal.put('large', 'x'.repeat(4000)).then(() => 'taken', (error) => error.code);
    const held = journal.entries.has('large');
    await journal.put('after', 2);
    await journal.close();
    console.log(JSON.stringify({ refused, held }));
  `;
  const limited = `ulimit -f ${FULL_AFTER_BLOCKS}; exec "$0" --input-type=module -e "$1"`;
  const said = execFileSync('bash', ['-c', limited, process.execPath, script], { encoding: 'utf8' });
  expect(JSON.parse(said)).toEqual({ refused: 'EFBIG', held: false });
  const again = await Journal.open<unknown>(path);
  expect([...again.entries]).toEqual([
    ['before', 1],
    ['after', 2],
  ]);
  await again.close();
});
