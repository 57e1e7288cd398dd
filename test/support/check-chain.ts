// Checks the blocks of a chain.
import { expect } from '@jest/globals';
import { zstd } from '../../adapters/zstd.ts';
import type { Block } from '../../core/block/block.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { chainName, genesisLink, MAX_CHAINS, parseChainName } from '../../core/chain.ts';
import { toHex } from '../../core/crypto.ts';
import type { Receipt } from '../../services/append/request.ts';
import type { MemoryBlockStore } from '../fakes/memory-block-store.ts';

/** One chain's blocks in order: positions without gaps, each link derived from the one before. Returns its entries. */
export function checkBlocks(name: string, blocks: readonly Block[]): Receipt[] {
  const receipts: Receipt[] = [];
  const { chain } = parseChainName(name);
  let [next, link] = [0, genesisLink(name)];
  for (const block of blocks) {
    expect({ name, position: block.position }).toEqual({ name, position: next });
    expect(toHex(block.previousLink)).toBe(toHex(link));
    const { entries, leafHashes, links } = decodeBlock(block, zstd);
    for (const [i, bytes] of entries.entries()) {
      const { id, recordedAt } = JSON.parse(Buffer.from(bytes).toString());
      const [leafHash, entryLink] = [toHex(leafHashes[i]!), toHex(links[i]!)];
      receipts.push({ id, chain, position: next + i, leafHash, link: entryLink, recordedAt });
    }
    next += block.count;
    link = block.link;
  }
  return receipts;
}

/** Everything that must hold of a tenant's chains, expired blocks included. Returns where each id is found. */
export function checkChains(store: MemoryBlockStore, tenant: string): Map<string, Receipt[]> {
  expect(store.broken).toEqual([]);
  const receipts = Array.from({ length: MAX_CHAINS }, (_, chain) => {
    const name = chainName(tenant, chain);
    return checkBlocks(name, store.history(name));
  });
  return Map.groupBy(receipts.flat(), ({ id }) => id);
}
