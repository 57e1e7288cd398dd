// Writes a bundle.
import { documentFile, entriesFile, FILES, tileFile, UNSEALED_FILE } from '../../core/bundle/files.ts';
import { digestLine, sealLine, unsealedLine } from '../../core/bundle/lines.ts';
import { MANIFEST, type Manifest } from '../../core/bundle/manifest.ts';
import { neededTiles } from '../../core/bundle/tiles.ts';
import { HASH_BYTES } from '../../core/crypto.ts';
import { TOMBSTONE } from '../../core/documents/tombstone.ts';
import { tilePath } from '../../core/tiles/path.ts';
import { TILE_WIDTH, type TileId } from '../../core/tiles/shape.ts';
import type { ZipWriter } from '../../core/zip/writer.ts';
import { type AheadBound, readAhead } from '../verify/read-ahead.ts';
import { type BundlePlan, type ChainScope, namedDocuments, type Period, planBundle } from './plan.ts';
import { readme } from './readme.ts';
import type { BundleSource } from './source.ts';

export interface WriteOptions extends Period {
  readonly now: Date;
  readonly tool: string;
  /** Told how many of the positions are done; those without a body count once what follows them is. */
  readonly onProgress?: (positionsDone: number, positions: number) => void;
}

const LF = 0x0a;

/** Neighbouring tiles that are asked for together, 4 MB of them, and how many such runs are under way. */
const TILES_IN_RUN = 512;
const RUNS_AHEAD: AheadBound = { requests: 3, bytes: 3 * TILES_IN_RUN * TILE_WIDTH * HASH_BYTES };

/** Writes a tenant's evidence into an archive, in memory that does not grow with it. The caller finishes the archive. */
export async function writeBundle(source: BundleSource, zip: ZipWriter, options: WriteOptions): Promise<Manifest> {
  const plan = await planBundle(source, options);
  const documents = await writeSealed(source, zip, plan, options);
  const positions = plan.chains.reduce((sum, { from, through }) => sum + through - from, 0);
  let done = 0;
  for (const scope of plan.chains) {
    await writeTiles(source, zip, scope);
    const { chain, from, through, cuts } = scope;
    const bodies = from < through ? source.bodies(chain, from, through, cuts.positions) : nothing();
    await zip.add(
      entriesFile(chain),
      counted(bodies, (lines) => options.onProgress?.(done + lines, positions)),
    );
    done += through - from;
    options.onProgress?.(done, positions);
  }
  return writeEnd(source, zip, plan, documents, options);
}

/**
 * What is sealed beside tiles and bodies: checkpoint, keys, digests, seals and documents; moves the ends of the chains' scopes over
 * what the period needs. Returns the hashes of the documents.
 */
export async function writeSealed(
  source: BundleSource,
  zip: ZipWriter,
  plan: BundlePlan,
  period: Period,
): Promise<ReadonlySet<string>> {
  await zip.add(FILES.checkpoint, source.checkpoint);
  await zip.add(FILES.keys, source.keys);
  await zip.add(FILES.digests, digestLines(source, plan));
  await zip.add(FILES.seals, sealLines(source, plan));
  return writeDocuments(source, zip, plan, period);
}

/**
 * What comes after the bodies: a tombstone is written before anything is removed, so that whatever was gone by then has one by
 * now. `documents` are the hashes of those that are in the archive.
 */
export async function writeEnd(
  source: BundleSource,
  zip: ZipWriter,
  plan: BundlePlan,
  documents: ReadonlySet<string>,
  options: WriteOptions,
): Promise<Manifest> {
  const newest = await writeUnsealed(source, zip, documents);
  const manifest = manifestOf(source, plan, options, newest);
  await zip.add(FILES.readme, new TextEncoder().encode(readme(source.tenant, plan.log, scopeOf(manifest))));
  await zip.add(FILES.manifest, MANIFEST.format(manifest));
  return manifest;
}

function manifestOf(
  source: BundleSource,
  plan: BundlePlan,
  { now, tool, from, to }: WriteOptions,
  newest: string,
): Manifest {
  // The deployment's clock may be ahead of this one, and what a bundle holds is not younger than the bundle.
  const createdAt = newest > now.toISOString() ? newest : now.toISOString();
  return {
    ...{ v: 1, kind: 'bundle', tenant: source.tenant, log: plan.log, createdAt },
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...{ first: plan.first, last: plan.last, tool },
    chains: plan.chains.map(({ chain, from: begin, through }) => ({ chain, from: begin, through })),
  };
}

/** In words: what of the tenant's entries is inside. */
export function scopeOf({ from, to, first, last }: Manifest): string {
  const digests = `digests ${first} to ${last}`;
  if (from === undefined && to === undefined) return `everything, ${digests}`;
  const days = [from === undefined ? [] : [`from ${from}`], to === undefined ? [] : [`to ${to}`]].flat();
  return `entries ${days.join(' ')}, ${digests}`;
}

async function* digestLines(source: BundleSource, { first }: BundlePlan): AsyncGenerator<Uint8Array> {
  for await (const digest of source.digests(Math.max(0, first - 1))) yield digestLine(digest);
}

async function* sealLines(source: BundleSource, { firstSeal }: BundlePlan): AsyncGenerator<Uint8Array> {
  for await (const head of source.seals(firstSeal)) yield sealLine(head);
}

/** Returns the hashes of those that it wrote. */
async function writeDocuments(
  source: BundleSource,
  zip: ZipWriter,
  plan: BundlePlan,
  period: Period,
): Promise<ReadonlySet<string>> {
  const written = new Set<string>();
  for await (const { ref, bytes } of namedDocuments(source, plan, period)) {
    written.add(ref.sha256);
    await zip.add(documentFile(ref.sha256), bytes);
  }
  return written;
}

/** The tombstones that nothing sealed names yet, and when the newest was written; empty text without any. */
async function writeUnsealed(source: BundleSource, zip: ZipWriter, written: ReadonlySet<string>): Promise<string> {
  const lines: Uint8Array[] = [];
  let newest = '';
  for await (const ref of source.unsealed()) {
    const bytes = written.has(ref.sha256) ? undefined : await source.document(ref);
    if (bytes === undefined) continue;
    const { at } = TOMBSTONE.parse(bytes);
    if (at > newest) newest = at;
    lines.push(unsealedLine(ref));
    await zip.add(documentFile(ref.sha256), bytes);
  }
  if (lines.length > 0) await zip.add(UNSEALED_FILE, Buffer.concat(lines));
  return newest;
}

/** A tile that is not there is left out: what that means is for the verifier to say. */
async function writeTiles(source: BundleSource, zip: ZipWriter, { chain, from, size }: ChainScope): Promise<void> {
  const reading = {
    bound: RUNS_AHEAD,
    bytesOf: (run: readonly TileId[]) => run.length * TILE_WIDTH * HASH_BYTES,
    read: (run: readonly TileId[]) => source.tiles(chain, run),
  };
  for await (const { item: run, value: tiles } of readAhead(inTurn(tileRuns(from, size)), reading)) {
    for (const [i, tile] of tiles.entries()) {
      if (tile !== undefined) await zip.store(tileFile(chain, tilePath(run[i]!)), tile);
    }
  }
}

/** The tiles that are needed, in order, cut into runs of one level. */
export function* tileRuns(from: number, size: number): Generator<readonly TileId[], void, undefined> {
  let run: TileId[] = [];
  for (const tile of neededTiles(from, size)) {
    if (run.length === TILES_IN_RUN || (run.length > 0 && run[0]!.level !== tile.level)) {
      yield run;
      run = [];
    }
    run.push(tile);
  }
  if (run.length > 0) yield run;
}

async function* counted(pieces: AsyncIterable<Uint8Array>, tell: (lines: number) => void): AsyncGenerator<Uint8Array> {
  let lines = 0;
  for await (const piece of pieces) {
    yield piece;
    for (let at = piece.indexOf(LF); at >= 0; at = piece.indexOf(LF, at + 1)) lines++;
    tell(lines);
  }
}

async function* inTurn<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
