/** Reads archives that other tools packed, and holds their files to a list: `read.ts LIST ARCHIVE...`. */
import { open, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileSource } from '../../../adapters/zip/file.ts';
import { zlibZip } from '../../../adapters/zip/zlib.ts';
import { sha256, toHex } from '../../../core/crypto.ts';
import { openZip } from '../../../core/zip/archive.ts';

const MAX_BYTES = 2 ** 28;

async function filesOf(path: string): Promise<[string, string][]> {
  const file = await open(path, 'r');
  try {
    const zip = await openZip(await fileSource(file), zlibZip);
    const found: [string, string][] = [];
    for (const entry of zip.entries) found.push([entry.path, toHex(sha256(await zip.read(entry, MAX_BYTES)))]);
    return found;
  } finally {
    await file.close();
  }
}

const sorted = (files: readonly (readonly string[])[]) => JSON.stringify(files.map((file) => [...file]).sort());

const [list, ...archives] = process.argv.slice(2);
if (list === undefined) throw new Error('got no list of files');
const want = sorted(JSON.parse(await readFile(list, 'utf8')));
let [passed, failed] = [0, 0];
for (const archive of archives) {
  try {
    const got = sorted(await filesOf(archive));
    if (got !== want) throw new Error('got other files than were packed');
    passed++;
  } catch (error) {
    failed++;
    console.log(`FAILED: ${basename(archive)}: ${error}`);
  }
}
console.log(passed, failed);
