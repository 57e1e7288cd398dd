// Makes bundles of any size for the benchmarks.
import { open } from 'node:fs/promises';
import { fileSink } from '../adapters/zip/file.ts';
import { zlibZip } from '../adapters/zip/zlib.ts';
import { canonicalBytes } from '../core/canonical/canonical.ts';
import { leafHash } from '../core/chain.ts';
import { inclusionPath } from '../core/merkle/path.ts';
import { ZipWriter } from '../core/zip/writer.ts';
import { writeBundle } from '../services/bundle/write.ts';
import { sourceOf } from '../test/support/bundling.ts';
import { SealedTenant } from '../test/support/sealed-tenant.ts';
import { sampleEntries } from './entries.ts';

/** Entries of which all others are made by giving each its own number. */
const SAMPLES = 5_000;

/** Entries a seal. */
const DAILY = 50_000;

const LF = 0x0a;
const PIECE_BYTES = 256 * 1024;

/** A bundle of one chain, sealed every so many entries; returns what its entries have and what a proof takes. */
export async function writeBenchBundle(path: string, entries: number): Promise<{ bytes: number; proofHashes: number }> {
  const made = new SealedTenant();
  const days: string[] = [];
  let bytes = 0;
  for (let from = 0; from < entries; from += DAILY) {
    const through = Math.min(entries, from + DAILY);
    days.push(made.sealedAt(days.length - 1).slice(0, 10));
    made.appendHashed(0, through - from, (position) => {
      const entry = entryAt(position, days.at(-1)!);
      bytes += entry.length;
      return leafHash(entry);
    });
    await made.seal();
  }
  const source = {
    ...sourceOf(made),
    bodies: (_: number, from: number, through: number) => pieces(days, from, through),
  };
  const file = await open(path, 'w');
  const zip = new ZipWriter(fileSink(file), zlibZip);
  await writeBundle(source, zip, { now: new Date(), tool: 'bench' });
  await zip.finish();
  await file.close();
  const logHashes = inclusionPath(0, made.head.size).length;
  return { bytes, proofHashes: inclusionPath(0, entries).length + logHashes };
}

let samples: readonly Uint8Array[] | undefined;

/** As an application writes them, each with another id and of the day. The bytes hold until the next is made. */
function entryAt(position: number, day: string): Uint8Array {
  samples ??= sampleEntries(SAMPLES).map(canonicalBytes);
  const sample = samples[position % SAMPLES]!;
  const id = position.toString(16).padStart(8, '0');
  const text = Buffer.from(sample.buffer, sample.byteOffset, sample.length);
  const at = text.indexOf('"id":"', sample.length / 3) + 6;
  for (let i = 0; i < id.length; i++) sample[at + i] = id.charCodeAt(i);
  for (const name of ['occurredAt', 'recordedAt']) {
    const begin = text.indexOf(`"${name}":"`) + name.length + 4;
    for (let i = 0; i < day.length; i++) sample[begin + i] = day.charCodeAt(i);
  }
  return sample;
}

async function* pieces(days: readonly string[], from: number, through: number): AsyncIterable<Uint8Array> {
  let piece = new Uint8Array(PIECE_BYTES);
  let length = 0;
  for (let position = from; position < through; position++) {
    const entry = entryAt(position, days[Math.floor(position / DAILY)]!);
    if (length + entry.length + 1 > PIECE_BYTES) {
      yield piece.subarray(0, length);
      piece = new Uint8Array(PIECE_BYTES);
      length = 0;
    }
    piece.set(entry, length);
    piece[length + entry.length] = LF;
    length += entry.length + 1;
  }
  yield piece.subarray(0, length);
}
