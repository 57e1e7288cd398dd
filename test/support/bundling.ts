// Makes bundles and verifies them.
import { zlibZip } from '../../adapters/zip/zlib.ts';
import { BundleError } from '../../core/bundle/error.ts';
import { type BundleOptions, type BundleReport, verifyBundle } from '../../core/bundle/verify.ts';
import { formatVerifierKey } from '../../core/note/key.ts';
import { tilePath } from '../../core/tiles/path.ts';
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

export async function packed(files: ReadonlyMap<string, Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const sink = async (bytes: Uint8Array) => void pieces.push(bytes);
  const zip = new ZipWriter(sink, zlibZip);
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
