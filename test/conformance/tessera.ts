// A log that Tessera wrote.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { leafHash } from '../../core/chain.ts';
import { openCheckpoint } from '../../core/checkpoint/open.ts';
import { equalBytes } from '../../core/crypto.ts';
import { proveConsistency, proveInclusion } from '../../core/merkle/prove.ts';
import { verifyConsistency, verifyInclusion } from '../../core/merkle/verify.ts';
import { parseVerifierKey } from '../../core/note/key.ts';
import { TileBuilder } from '../../core/tiles/builder.ts';
import { decodeEntryBundle, encodeEntryBundle } from '../../core/tiles/entry-bundle.ts';
import { TileNodes } from '../../core/tiles/nodes.ts';
import { entryBundlePath, tilePath } from '../../core/tiles/path.ts';
import type { TileReader } from '../../core/tiles/reader.ts';
import { encodeTile } from '../../core/tiles/tile.ts';
import { type Case, demand, type Suite } from './suite.ts';

interface LogInfo {
  readonly vkey: string;
  readonly origin: string;
  readonly leaves: readonly string[];
}

/** A whole tlog-tiles log that another implementation wrote: read as a client, and written again byte by byte. */
export const tessera: Suite = {
  folder: 'transparency-dev-tessera',
  *cases(directory): Generator<Case> {
    const info = JSON.parse(readFileSync(join(directory, 'log-info.json'), 'utf8')) as LogInfo;
    const log = join(directory, 'testdata', 'log');
    for (const file of readdirSync(log).filter((name) => name.startsWith('checkpoint'))) {
      const size = Number(/[0-9]+$/.exec(file)?.[0] ?? info.leaves.length);
      yield { name: file, check: () => checkSize(log, file, size, info) };
    }
  },
};

async function checkSize(log: string, file: string, size: number, { vkey, origin, leaves }: LogInfo): Promise<void> {
  const policy = { origin, logKeys: [parseVerifierKey(vkey)] };
  const { root, size: signed } = openCheckpoint(readFileSync(join(log, file)), policy);
  demand(signed === size, `got a checkpoint of size ${signed}, want ${size}`);
  const reader = directoryReader(log);
  const entries = leaves.slice(0, size).map((leaf) => new TextEncoder().encode(leaf));
  await checkFiles(reader, entries, root);
  const nodes = new TileNodes(reader, size);
  for (const [index, entry] of entries.entries()) {
    const proof = await proveInclusion(nodes, index, size);
    verifyInclusion({ index, size, leafHash: leafHash(entry), root }, proof);
  }
  for (let older = 1; older <= size; older++) {
    const { root: before } = openCheckpoint(readFileSync(join(log, `checkpoint.${older}`)), policy);
    const trees = { older: { size: older, root: before }, newer: { size, root } };
    verifyConsistency(trees, await proveConsistency(nodes, older, size));
  }
}

/** What this project would have written for the same entries. */
async function checkFiles(reader: TileReader, entries: readonly Uint8Array[], root: Uint8Array): Promise<void> {
  const builder = TileBuilder.empty();
  for (const entry of entries) builder.append(leafHash(entry));
  demand(equalBytes(builder.root(), root), 'the leaves do not give the signed root');
  for (const { level, index, hashes } of [...builder.takeFull(), ...builder.partial()]) {
    await demandFile(reader, tilePath({ level, index, width: hashes.length }), encodeTile(hashes));
  }
  if (entries.length === 0) return;
  const path = entryBundlePath({ index: 0, width: entries.length });
  await demandFile(reader, path, encodeEntryBundle(entries));
  const decoded = decodeEntryBundle((await reader.read(path))!, entries.length);
  demand(
    decoded.every((entry, i) => equalBytes(entry, entries[i]!)),
    `${path} holds other entries`,
  );
}

async function demandFile(reader: TileReader, path: string, want: Uint8Array): Promise<void> {
  const got = await reader.read(path);
  demand(got !== undefined && equalBytes(got, want), `${path} has other bytes`);
}

function directoryReader(directory: string): TileReader {
  return { read: async (path) => readFileSync(join(directory, path)) };
}
