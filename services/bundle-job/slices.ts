// Cuts what a bundle is made of into slices, each of which one process makes.
import { HASH_BYTES } from '../../core/crypto.ts';
import { TILE_WIDTH } from '../../core/tiles/shape.ts';
import type { ChainScope } from '../bundle/plan.ts';
import { tileRuns } from '../bundle/write.ts';

/** Neighbouring tiles of one level of a chain's tree. */
export interface TilesUnit {
  readonly kind: 'tiles';
  readonly chain: number;
  readonly level: number;
  readonly from: number;
  readonly count: number;
}

/** Entries of the positions from `from` to before `through`: as much of the deflate stream of the chain's file. */
export interface EntriesUnit {
  readonly kind: 'entries';
  readonly chain: number;
  readonly from: number;
  readonly through: number;
}

export type Unit = TilesUnit | EntriesUnit;

/** What one process makes, in this order. */
export interface SlicePlan {
  readonly units: readonly Unit[];
}

/** Of segment files and tiles that a slice reads: some ten megabytes of the archive, made in a few seconds. */
const SLICE_BYTES = 16_000_000;

interface Weighed {
  readonly unit: Unit;
  /** Of what has to be read for it. */
  readonly bytes: number;
}

/** At most `most` slices, in the order of the archive: chain by chain, tiles before entries. Larger bundles have larger slices. */
export function sliced(chains: readonly ChainScope[], most: number, sliceBytes = SLICE_BYTES): SlicePlan[] {
  const weighed = chains.flatMap((scope) => [...unitsOf(scope)]);
  const total = weighed.reduce((sum, { bytes }) => sum + bytes, 0);
  // Every slice but the last has this much at least, so that there are no more of them than it fits into all.
  const target = Math.max(sliceBytes, total / Math.max(1, most - 1));
  const slices: SlicePlan[] = [];
  let units: Unit[] = [];
  let filled = 0;
  for (const { unit, bytes } of weighed) {
    units.push(unit);
    filled += bytes;
    if (filled < target) continue;
    slices.push({ units });
    units = [];
    filled = 0;
  }
  return units.length === 0 ? slices : [...slices, { units }];
}

function* unitsOf({ chain, from, through, size, cuts }: ChainScope): Generator<Weighed, void, undefined> {
  for (const run of tileRuns(from, size)) {
    const { level, index } = run[0]!;
    const unit: Unit = { kind: 'tiles', chain, level, from: index, count: run.length };
    yield { unit, bytes: run.length * TILE_WIDTH * HASH_BYTES };
  }
  let [begin, bytes] = [from, 0];
  for (const [i, cut] of cuts.positions.entries()) {
    bytes += cuts.bytes[i]!;
    if (cut <= begin || cut >= through) continue;
    yield { unit: { kind: 'entries', chain, from: begin, through: cut }, bytes };
    begin = cut;
    bytes = 0;
  }
  if (begin < through) yield { unit: { kind: 'entries', chain, from: begin, through }, bytes: bytes + cuts.rest };
}

/** Positions whose entries a slice has, where they exist. */
export function positionsOf({ units }: SlicePlan): number {
  return units.reduce((sum, unit) => sum + (unit.kind === 'entries' ? unit.through - unit.from : 0), 0);
}
