// Builds the index anew, shard by shard.
import { parseChainName } from '../../core/chain.ts';
import { sha256 } from '../../core/crypto.ts';
import type { Tally } from '../../core/index/tally.ts';
import { decodeTally, encodeTally } from '../../core/index/tally-bytes.ts';
import { REINDEX } from '../../names/index.ts';
import type { ChainDirectory } from '../seal/port.ts';
import type { IndexFinding } from './follow.ts';
import type { IndexPorts, Progress } from './port.ts';
import { readSlice } from './slice.ts';
import type { ReindexCursor, Reindexed, ReindexPlan, ReindexRequest } from './steps.ts';

export interface ReindexPorts extends IndexPorts {
  readonly directory: ChainDirectory;
}

/** A slice that is begun has to end in time (chain.ts). */
const SLICE_RESERVE_MS = 60_000;

export function planReindex(tenant: string | null): ReindexPlan {
  return { tenant, shards: Array.from({ length: REINDEX.shards }, (_, shard) => shard) };
}

/**
 * Writes the rows of a shard's chains again, each from its oldest block to its head, until it is done or the time is up; then
 * it answers with where to go on. What is there already stays, so that searches and the index of new entries go on
 * beside it; progress moves forward where this is ahead, and is never taken back.
 */
export async function reindexShard(
  ports: ReindexPorts,
  { tenant, shard, shards, cursor }: Omit<ReindexRequest, 'step'>,
  timeLeft: () => number,
  onFinding: (finding: IndexFinding) => void,
): Promise<Reindexed> {
  const chains = await chainsOf(ports.directory, tenant, shard, shards.length);
  let at = cursor;
  for (const chain of chains) {
    if (at !== null && (chain < at.chain || (chain === at.chain && at.position === null))) continue;
    let next: ReindexCursor = at?.chain === chain ? at : { ...sums(at), chain, position: 0 };
    while (next.position !== null) {
      if (timeLeft() < SLICE_RESERVE_MS) return { done: false, cursor: next };
      next = await reindexSlice(ports, next, onFinding);
    }
    at = next;
  }
  return { done: true, cursor: at };
}

const sums = (cursor: ReindexCursor | null) => ({ chains: cursor?.chains ?? 0, entries: cursor?.entries ?? 0 });

async function reindexSlice(
  ports: ReindexPorts,
  { chain, position, tally, chains, entries }: ReindexCursor,
  onFinding: (finding: IndexFinding) => void,
): Promise<ReindexCursor> {
  const slice = await readSlice(ports, chain, startAt(position ?? 0, tally));
  slice.findings.forEach(onFinding);
  await ports.store.write(slice.rows, slice.tallies);
  if (slice.progress !== undefined) await moveForward(ports, chain, slice.progress);
  const sum = entries + slice.entries;
  if (slice.end || slice.progress === undefined) return { chain, position: null, chains: chains + 1, entries: sum };
  const { through, tally: open } = slice.progress;
  return { chain, position: through, ...(open === undefined ? {} : { tally: textOf(open) }), chains, entries: sum };
}

/** Of what was before it is known that it was read, and nothing else: whatever comes next is taken as it comes. */
function startAt(position: number, tally: string | undefined): Progress | undefined {
  if (position === 0) return undefined;
  const open = tally === undefined ? {} : { tally: decodeTally(Buffer.from(tally, 'base64')) };
  return { through: position, link: undefined, recordedAt: 0, ...open };
}

const textOf = (tally: Tally): string => Buffer.from(encodeTally(tally)).toString('base64');

/** Everything below has been written by this execution, so this may be said whatever was known before. */
async function moveForward({ store }: IndexPorts, chain: string, progress: Progress): Promise<void> {
  for (;;) {
    const known = await store.progress(chain);
    if (known !== undefined && known.through >= progress.through) return;
    if (await store.advance(chain, progress, known?.version ?? 0)) return;
  }
}

/** In order. A chain is in one shard, whatever others there are; names of no chain are nobody's. */
async function chainsOf(
  directory: ChainDirectory,
  tenant: string | null,
  shard: number,
  shards: number,
): Promise<readonly string[]> {
  const chains: string[] = [];
  for await (const { chain } of directory.list()) {
    const wanted = tenant === null || tenantOf(chain) === tenant;
    if (wanted && tenantOf(chain) !== undefined && shardOf(chain, shards) === shard) chains.push(chain);
  }
  return chains.sort();
}

function tenantOf(chain: string): string | undefined {
  try {
    return parseChainName(chain).tenant;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const shardOf = (chain: string, shards: number): number => sha256(new TextEncoder().encode(chain))[0]! % shards;
