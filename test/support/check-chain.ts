import { expect } from '@jest/globals';
import { zstd } from '../../adapters/zstd.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { chainName, genesisLink } from '../../core/chain.ts';
import { toHex } from '../../core/crypto.ts';
import type { Receipt } from '../../services/append/request.ts';
import type { MemoryBlockStore } from '../fakes/memory-block-store.ts';

/**
 * Everything that must hold of a tenant's chains, from the bytes: each position once and without gaps, each link derived
 * from the one before. Returns the ids of the entries, with their receipts as the chains say them.
 */
export function checkChains(store: MemoryBlockStore, tenant: string): Map<string, Receipt[]> {
  expect(store.broken).toEqual([]);
  const found = new Map<string, Receipt[]>();
  for (let chain = 0; chain < 64; chain++) {
    const name = chainName(tenant, chain);
    let [next, link] = [0, genesisLink(name)];
    for (const block of store.history(name)) {
      expect({ name, position: block.position }).toEqual({ name, position: next });
      expect(toHex(block.previousLink)).toBe(toHex(link));
      const { entries, leafHashes, links } = decodeBlock(block, zstd);
      for (const [i, bytes] of entries.entries()) {
        const { id, recordedAt } = JSON.parse(Buffer.from(bytes).toString());
        const [leafHash, entryLink] = [toHex(leafHashes[i]!), toHex(links[i]!)];
        const receipt = { id, chain, position: next + i, leafHash, link: entryLink, recordedAt };
        found.set(id, [...(found.get(id) ?? []), receipt]);
      }
      next += block.count;
      link = block.link;
    }
  }
  return found;
}
