// Makes bundles and verifies them.
import { deflateRawSync } from 'node:zlib';
import { zlibZip } from '../../adapters/zip/zlib.ts';
import { BundleError } from '../../core/bundle/error.ts';
import { type BundleOptions, type BundleReport, verifyBundle } from '../../core/bundle/verify.ts';
import { sha256, toHex } from '../../core/crypto.ts';
import { formatVerifierKey } from '../../core/note/key.ts';
import { tilePath } from '../../core/tiles/path.ts';
import type { Deflating } from '../../core/zip/port.ts';
import { ZipWriter } from '../../core/zip/writer.ts';
import type { BundleSource } from '../../services/bundle/source.ts';
import { type WriteOptions, writeBundle } from '../../services/bundle/write.ts';
import type { SealedTenant } from './sealed-tenant.ts';
import { memorySource, openBytes, written } from './zip.ts';

/** A bundle's source, from what is in memory now. */
export function sourceOf(made: SealedTenant): BundleSource {
  const text = made.keys.map((key) => `${formatVerifierKey(key)}\n`).join('');
  return {
    ...{ tenant: made.tenant, checkpoint: made.checkpoint, keys: new TextEncoder().encode(text) },
    async *digests(from) {
      yield* await made.proven(from);
    },
    async *seals(from) {
      yield* (await made.sealHeads()).filter(({ seal }) => seal >= from);
    },
    async *unsealed() {
      yield* made.unsealedTombstones;
    },
    document: async ({ sha256 }) => made.documents.get(sha256),
    tiles: async (chain, run) => run.map((tile) => made.chain(chain).files.get(tilePath(tile))),
    async *bodies(chain, from, through) {
      for (const body of made.chain(chain).bodies.slice(from, through)) {
        if (body === undefined) continue;
        yield body;
        yield Uint8Array.of(0x0a);
      }
    },
  };
}

const OPTIONS = { now: new Date('2026-05-01T00:00:00.000Z'), tool: 'test' };

export function bundleOf(made: SealedTenant, options: Partial<WriteOptions> = {}): Promise<Buffer> {
  return written(async (zip) => {
    await writeBundle(sourceOf(made), zip, { ...OPTIONS, ...options });
  });
}

export async function verifyBytes(bundle: Uint8Array, options: BundleOptions = {}): Promise<BundleReport> {
  return verifyBundle(memorySource(bundle), zlibZip, options);
}

/** The files of a bundle, to be changed. */
export async function unpacked(bundle: Uint8Array): Promise<Map<string, Uint8Array>> {
  const zip = await openBytes(bundle);
  const files = new Map<string, Uint8Array>();
  for (const entry of zip.entries) files.set(entry.path, await zip.read(entry, 100_000_000));
  return files;
}

/** Content by its hash, deflated: whoever changes a file of a bundle packs the others as they were. */
const deflated = new Map<string, Uint8Array>();
const MOST_KEPT = 500;

const remembering: Deflating = {
  crc32: zlibZip.crc32,
  async *deflate(content) {
    const pieces: Uint8Array[] = [];
    for await (const piece of content) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    const hash = toHex(sha256(bytes));
    const known = deflated.get(hash) ?? deflateRawSync(bytes);
    if (deflated.size >= MOST_KEPT) deflated.clear();
    deflated.set(hash, known);
    yield known;
  },
};

export async function packed(files: ReadonlyMap<string, Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const sink = async (bytes: Uint8Array) => void pieces.push(bytes);
  const zip = new ZipWriter(sink, remembering);
  for (const [path, bytes] of files) {
    if (path.includes('/tile/')) await zip.store(path, bytes);
    else await zip.add(path, bytes);
  }
  await zip.finish();
  return Buffer.concat(pieces);
}

/** The code that a bundle is refused with; any other failure fails the test, and so does acceptance. */
export async function bundleRefusal(bundle: Uint8Array, options: BundleOptions = {}): Promise<string> {
  try {
    const { verdict } = await verifyBytes(bundle, options);
    return `accepted as ${verdict}`;
  } catch (error) {
    if (error instanceof BundleError) return error.code;
    throw error;
  }
}
