/** Exports by format: entries a second and peak memory, each in a process of its own, beside collecting and stringifying. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { EXPORT_FORMATS } from '../adapters/export/formats.ts';
import { canonicalBytes } from '../core/canonical/canonical.ts';
import { toHex } from '../core/crypto.ts';
import type { Entry } from '../core/entry/schema.ts';
import type { JsonValue } from '../core/json/value.ts';
import type { Found } from '../services/search/port.ts';
import { prepared, sampleEntries } from './entries.ts';

const ENTRIES = 1_000_000;
/** What is collected has to fit memory, which is what is wrong with it. */
const NAIVE_ENTRIES = 200_000;
const FORMATS = ['ndjson', 'csv', 'xlsx'];
const NAIVE = 'collect and stringify';

export async function benchExports(): Promise<void> {
  console.log(`Exports: ${ENTRIES} entries a format, each in a process of its own`);
  for (const name of [...FORMATS, NAIVE]) {
    const child = fork(fileURLToPath(import.meta.url), ['--one', name]);
    const [figures] = (await once(child, 'message')) as [Figures];
    const { entries, seconds, bytes, peakBytes } = figures;
    console.log(
      `  ${name.padEnd(22)} ${Math.round(entries / seconds)
        .toString()
        .padStart(8)} entries/s  ` +
        `${(bytes / entries).toFixed(0).padStart(5)} bytes an entry  peak ${Math.round(peakBytes / 2 ** 20)} MB` +
        (name === NAIVE ? ` (of ${entries} entries)` : ''),
    );
  }
}

interface Figures {
  readonly entries: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly peakBytes: number;
}

const HEADER = {
  ...{ tenant: 'acme', exportId: 'bench', createdAt: '2026-03-02T00:00:00.000Z', createdBy: 'bench', query: '' },
  ...{ from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z', order: 'asc' as const },
};

/** As a search finds them: parsed entries with their bytes, a few thousand over and over. */
async function* rows(count: number): AsyncGenerator<Found, void, undefined> {
  const kept = sampleEntries(5_000).map((entry) => {
    const { bytes, leafHash, recordedAt } = prepared(entry);
    const hash = toHex(leafHash);
    return { entry: entry as unknown as Entry, bytes, leafHash: hash, link: hash, recordedAt: Date.parse(recordedAt) };
  });
  for (let position = 0; position < count; position++) yield { ...kept[position % kept.length]!, chain: 0, position };
}

async function measured(name: string): Promise<Figures> {
  const begun = performance.now();
  let [entries, bytes] = [ENTRIES, 0];
  const format = EXPORT_FORMATS.get(name);
  if (format === undefined) {
    entries = NAIVE_ENTRIES;
    const all: unknown[] = [];
    for await (const { entry, chain, position } of rows(entries)) {
      all.push({
        entry: JSON.parse(Buffer.from(canonicalBytes(entry as unknown as JsonValue)).toString()),
        chain,
        position,
      });
    }
    bytes = Buffer.byteLength(JSON.stringify(all));
  } else for await (const chunk of format.write(HEADER, rows(entries))) bytes += chunk.length;
  const seconds = (performance.now() - begun) / 1_000;
  return { entries, seconds, bytes, peakBytes: process.resourceUsage().maxRSS * 1_024 };
}

if (argv[2] === '--one') process.send!(await measured(argv[3]!));
else if (fileURLToPath(import.meta.url) === argv[1]) await benchExports();
