// How far each chain was sealed, and how far it is going to be.
import { chainName, MAX_CHAINS, parseChainName } from '../../core/chain.ts';
import { ARCHIVE, segmentPlace, segmentsPrefix } from '../../names/archive.ts';
import type { PublishedSeal } from '../log/published.ts';
import { inParallel } from '../object-lock/parallel.ts';
import { newestBlock } from './backing.ts';
import type { Sealing } from './context.ts';
import type { SealPorts } from './port.ts';
import { SegmentIndex } from './segment-index.ts';
import { ArchivedRows } from './stored.ts';

/** A query of the ledger takes some milliseconds. */
export const QUERIES_AT_ONCE = 32;

const TENANT_FOLDER = 'tenant=';

/** Sizes by tenant and chain. */
export type Sizes = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** What the seal before sealed of each chain, by its digests. */
export async function sealedSizes(before: PublishedSeal | undefined): Promise<Sizes> {
  const sizes = new Map<string, Map<number, number>>();
  if (before === undefined) return sizes;
  for await (const { digest } of before.log.ofSeal(before.seal)) {
    sizes.set(digest.tenant, new Map(digest.chains.map(({ chain, size }) => [chain, size])));
  }
  return sizes;
}

/**
 * How far every chain goes: as the seal before says, the ledger's newest block, and the table of chains as far as the
 * archive bears it out, since a row of it is whatever somebody wrote there. Every tenant of the seal before is there,
 * and of the others those that have a position. Positions may be missing in between: that is for sealing to find.
 */
export async function targetSizes(sealing: Sealing, sealed: Sizes, since: string | undefined): Promise<Targets> {
  const { ports } = sealing;
  const unbacked: string[] = [];
  const targets = new Map<string, Map<number, number>>();
  for (const tenant of sealed.keys()) targets.set(tenant, new Map());
  await inParallel(await candidates(ports, sealed), QUERIES_AT_ONCE, async ({ tenant, chain, through }) => {
    const name = chainName(tenant, chain);
    const newest = await newestBlock(name, ports);
    const end = newest === undefined ? 0 : newest.position + newest.count;
    const known = Math.max(sealed.get(tenant)?.get(chain) ?? 0, end);
    // Of a tenant that was sealed never, everything counts.
    const index = new SegmentIndex(tenant, sealed.has(tenant) ? since : undefined, ports.store);
    const stored = new ArchivedRows(name, index, ports);
    const target = through > known ? Math.max(known, Math.min(through, await stored.end())) : known;
    if (target === 0) {
      if (through === NO_ROW) unbacked.push(name);
      return;
    }
    const ofTenant = targets.get(tenant) ?? new Map<number, number>();
    targets.set(tenant, ofTenant.set(chain, target));
  });
  return { sizes: targets, unbacked: unbacked.sort() };
}

/** How far chains go, and those of unknown tenants of which the archive has segments and the ledger nothing. */
export interface Targets {
  readonly sizes: Sizes;
  /** Names of chains. */
  readonly unbacked: readonly string[];
}

/** What a chain's row would say that has none. */
const NO_ROW = -1;

interface Candidate {
  readonly tenant: string;
  readonly chain: number;
  readonly through: number;
}

/** Chains that are sealed, that have a row, or that belong to a tenant that has neither and yet has segments. */
async function candidates({ directory, store }: SealPorts, sealed: Sizes): Promise<readonly Candidate[]> {
  const found = new Map<string, Candidate>();
  const tenants = new Set(sealed.keys());
  const add = (tenant: string, chain: number, through: number) => {
    tenants.add(tenant);
    found.set(chainName(tenant, chain), { tenant, chain, through });
  };
  for (const [tenant, chains] of sealed) for (const [chain, size] of chains) add(tenant, chain, size);
  for await (const { chain: name, through } of directory.list()) {
    const parsed = parsedName(name);
    if (parsed !== undefined) add(parsed.tenant, parsed.chain, through);
  }
  for await (const folder of store.folders(ARCHIVE.entriesPrefix)) {
    const tenant = folder.slice(TENANT_FOLDER.length);
    if (tenants.has(tenant)) continue;
    for await (const { key } of store.list(segmentsPrefix(tenant))) {
      const place = segmentPlace(key);
      if (place !== undefined && place.chain < MAX_CHAINS) add(tenant, place.chain, NO_ROW);
    }
  }
  return [...found.values()];
}

function parsedName(name: string): { tenant: string; chain: number } | undefined {
  try {
    return parseChainName(name);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
