/** Appending to a tessera log on files and to immudb's embedded store, on this machine's disk, where Go is present (bench/rivals). */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { argv } from 'node:process';
import { json, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { prepared, sampleEntries } from './entries.ts';

const ENTRIES = 60_000;
const BATCH = 100;
const OUTSTANDING = 10;
/** Of which the best counts: both wait for the disk, which others use too. */
const ROUNDS = 3;

interface Figures {
  readonly tesseraPerSecond: number;
  readonly immudbPerSecond: number;
}

export async function benchRivals(): Promise<void> {
  console.log(`Appending elsewhere, in this run: the same entries, batches of ${BATCH}, ${OUTSTANDING} outstanding`);
  if (spawnSync('go', ['version']).status !== 0) {
    console.log('  Go is not on the PATH: tessera and immudb were not measured');
    return;
  }
  const rounds: Figures[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await appended());
  const best = (of: (figures: Figures) => number) => Math.round(Math.max(...rounds.map(of))).toLocaleString('en-US');
  console.log(`  tessera on files                    ${best((one) => one.tesseraPerSecond)} entries/s`);
  console.log(`  immudb, embedded and synced         ${best((one) => one.immudbPerSecond)} entries/s`);
}

/** Go fetches what it needs from its module proxy the first time. */
async function appended(): Promise<Figures> {
  const folder = fileURLToPath(new URL('rivals', import.meta.url));
  const args = ['run', '.', '--batch', String(BATCH), '--outstanding', String(OUTSTANDING)];
  const go = spawn('go', args, { cwd: folder });
  const ended = once(go, 'close') as Promise<[number | null]>;
  const figures = json(go.stdout);
  // Of a run that failed, nothing is read; its words tell.
  figures.catch(() => undefined);
  const words = text(go.stderr);
  // Whoever reads may have ended before everything was written: its exit code tells.
  go.stdin.on('error', () => undefined);
  go.stdin.end(
    sampleEntries(ENTRIES)
      .map((entry) => Buffer.from(prepared(entry).bytes).toString())
      .join('\n'),
  );
  const [code] = await ended;
  if (code !== 0) throw new Error(`go ${args.join(' ')} in bench/rivals ended with ${code}: ${await words}`);
  return (await figures) as Figures;
}

if (argv[1] === fileURLToPath(import.meta.url)) await benchRivals();
