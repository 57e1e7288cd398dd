import { BlockError } from '../../core/block/error.ts';
import { chainName, parseChainName } from '../../core/chain.ts';
import { ARCHIVE, segmentPlace, segmentsPrefix } from '../../names/archive.ts';
import { inParallel } from '../archive/parallel.ts';
import type { PublishedSeal } from '../log/published.ts';
import type { SealPorts } from './port.ts';
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
export async function targetSizes(ports: SealPorts, sealed: Sizes, since: string | undefined): Promise<Sizes> {
  const targets = new Map<string, Map<number, number>>();
  for (const tenant of sealed.keys()) targets.set(tenant, new Map());
  await inParallel(await candidates(ports, sealed), QUERIES_AT_ONCE, async ({ tenant, chain, through }) => {
    const size = sealed.get(tenant)?.get(chain);
    const known = Math.max(size ?? 0, await ledgerEnd(ports, chainName(tenant, chain)));
    const stored = new ArchivedRows(chainName(tenant, chain), size === undefined ? undefined : since, ports);
    const target = through > known ? Math.max(known, Math.min(through, await stored.end())) : known;
    if (target === 0) return;
    const ofTenant = targets.get(tenant) ?? new Map<number, number>();
    targets.set(tenant, ofTenant.set(chain, target));
  });
  return targets;
}

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
      if (place !== undefined) add(tenant, place.chain, Number.MAX_SAFE_INTEGER);
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

/** Behind the newest block; an item that is none is for the ledger's stream to bear witness of. */
async function ledgerEnd({ blocks }: SealPorts, chain: string): Promise<number> {
  try {
    const newest = await blocks.blockBefore(chain, Number.MAX_SAFE_INTEGER);
    return newest === undefined ? 0 : newest.position + newest.count;
  } catch (error) {
    if (error instanceof BlockError) return 0;
    throw error;
  }
}
