// Makes one slice of a bundle: a piece of the archive, and the record of what is in it.
import { tileFile } from '../../core/bundle/files.ts';
import { HASH_BYTES } from '../../core/crypto.ts';
import { tilePath } from '../../core/tiles/path.ts';
import { type TileId, tileOf } from '../../core/tiles/shape.ts';
import { Measured } from '../../core/zip/measured.ts';
import { storedRecord } from '../../core/zip/writer.ts';
import type { BundleSource } from '../bundle/source.ts';
import { hasEnded, readBundle } from './job.ts';
import { type FixedPlan, planOf } from './plan.ts';
import type { Piece, PieceWriter } from './port.ts';
import type { BundlePorts } from './ports.ts';
import { type EntriesUnit, positionsOf, type TilesUnit, type Unit } from './slices.ts';
import type { BundleStep, BundleTask } from './steps.ts';
import { StoredSource } from './stored-source.ts';

/** Records of slices are below it: each is there when its slice is made, and its name says how many positions that had. */
export const RECORDS = 'made/';

const NUMBER_DIGITS = 5;

/** Tiles of one run: a CRC-32 each, null for one that is not there. */
export interface TilesMade {
  readonly bytes: number;
  readonly crcs: readonly (number | null)[];
}

/** A slice of the deflate stream of a chain's entries. */
export interface EntriesMade {
  readonly bytes: number;
  /** Of the content. */
  readonly size: number;
  readonly crc32: number;
}

/** What a slice has made, unit by unit as the plan lists them, one behind the other in the piece. */
export interface SliceRecord {
  readonly piece: Piece;
  readonly units: readonly (TilesMade | EntriesMade)[];
}

export function recordName({ slices }: Pick<FixedPlan, 'slices'>, slice: number): string {
  return `${RECORDS}${String(slice).padStart(NUMBER_DIGITS, '0')}-${positionsOf(slices[slice]!)}.json`;
}

/** Positions whose slices are made, by the names of their records. */
export function positionsMade(records: readonly string[]): number {
  return records.reduce((sum, name) => sum + Number(/-(\d+)\.json$/.exec(name)?.[1] ?? 0), 0);
}

/**
 * Makes a slice unless it is made. Who makes it again, beside or after somebody else, writes a piece of another name; the record
 * that is first says which one counts, and nothing replaces it.
 */
export async function makeSlice(ports: BundlePorts, task: BundleTask, slice: number): Promise<BundleStep> {
  const { jobs, files } = ports;
  const item = await readBundle(jobs, task);
  if (item === undefined || hasEnded(item.value)) return { done: true };
  const plan = await planOf(ports, task);
  const units = plan.slices[slice]?.units;
  if (units === undefined) throw new RangeError(`got slice ${slice}, want one of ${plan.slices.length}`);
  const name = recordName(plan, slice);
  if ((await files.read(task, name)) !== undefined) return { done: true };
  const source = await StoredSource.open(ports, task.tenant, item.value.seal);
  const record = await pieceOf(ports, task, source, plan, slice);
  await files.create(task, name, new TextEncoder().encode(JSON.stringify(record)));
  return { done: true };
}

async function pieceOf(
  ports: BundlePorts,
  task: BundleTask,
  source: BundleSource,
  plan: FixedPlan,
  slice: number,
): Promise<SliceRecord> {
  const name = `${String(slice).padStart(NUMBER_DIGITS, '0')}-${ports.newId()}`;
  const writer = ports.files.piece(task, name);
  try {
    const units: SliceRecord['units'][number][] = [];
    for (const unit of plan.slices[slice]!.units) units.push(await unitInto(ports, writer, source, plan, unit));
    return { piece: { name, ...(await writer.close()) }, units };
  } catch (error) {
    await Promise.allSettled([writer.abort()]);
    throw error;
  }
}

function unitInto(ports: BundlePorts, writer: PieceWriter, source: BundleSource, plan: FixedPlan, unit: Unit) {
  if (unit.kind === 'entries') return entriesInto(ports, writer, source, unit);
  return tilesInto(ports, writer, source, plan, unit);
}

async function entriesInto(
  { deflating }: BundlePorts,
  writer: PieceWriter,
  source: BundleSource,
  { chain, from, through }: EntriesUnit,
): Promise<EntriesMade> {
  const content = new Measured(source.bodies(chain, from, through, []), deflating);
  let bytes = 0;
  for await (const piece of deflating.slice(content)) {
    await writer.write(piece);
    bytes += piece.length;
  }
  const { size, crc32 } = content;
  return { bytes, size, crc32 };
}

async function tilesInto(
  { deflating }: BundlePorts,
  writer: PieceWriter,
  source: BundleSource,
  plan: FixedPlan,
  unit: TilesUnit,
): Promise<TilesMade> {
  const run = tilesOf(unit, plan);
  const tiles = await source.tiles(unit.chain, run);
  const records = tiles.map((tile, i) => {
    if (tile === undefined) return undefined;
    const crc32 = deflating.crc32(tile);
    return { crc32, bytes: storedRecord(tileFile(unit.chain, tilePath(run[i]!)), tile, crc32) };
  });
  const whole = Buffer.concat(records.flatMap((record) => record?.bytes ?? []));
  await writer.write(whole);
  return { bytes: whole.length, crcs: records.map((record) => record?.crc32 ?? null) };
}

/** The tiles of a unit, in order. */
export function tilesOf({ chain, level, from, count }: TilesUnit, { chains }: Pick<FixedPlan, 'chains'>): TileId[] {
  const size = chains.find((one) => one.chain === chain)?.size ?? 0;
  return Array.from({ length: count }, (_, i) => {
    const tile = tileOf(level, from + i, size);
    if (tile === undefined) throw new RangeError(`got tile ${from + i} of level ${level} in a tree of ${size}`);
    return tile;
  });
}

export const tileBytes = ({ width }: TileId): number => width * HASH_BYTES;
