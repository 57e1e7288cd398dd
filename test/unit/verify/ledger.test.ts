// Comparing the hot ledger with what is sealed.
import { describe, expect, test } from '@jest/globals';
import { zstd } from '../../../adapters/zstd.ts';
import type { Block } from '../../../core/block/block.ts';
import { decodeBlock } from '../../../core/block/codec.ts';
import { BlockError } from '../../../core/block/error.ts';
import { genesisLink } from '../../../core/chain.ts';
import type { BlockReader } from '../../../services/append/port.ts';
import { compareWithLedger } from '../../../services/verify/ledger.ts';
import { MemoryBlocks } from '../../fakes/blocks.ts';
import { CHAIN, some } from '../../support/archiving.ts';
import { blockAtPlace, chainOf, sampleBytes } from '../../support/ledger-stream.ts';

/** Five blocks of two, of which nine positions are sealed. */
const BLOCKS = chainOf(CHAIN, [
  some('debug', 2),
  some('debug', 2),
  some('debug', 2),
  some('debug', 2),
  some('debug', 2),
]);
const DECODED = BLOCKS.map((block) => decodeBlock(block, zstd));
const SIZE = 9;
const LEAVES = DECODED.flatMap(({ leafHashes }) => leafHashes);
const LINKS = DECODED.flatMap(({ links }) => links);

function ledger(...changed: readonly Block[]): MemoryBlocks {
  const blocks = new MemoryBlocks();
  for (const block of [...BLOCKS, ...changed]) blocks.put(block);
  return blocks;
}

async function compare(blocks: BlockReader, from = 0, below?: number) {
  const leaves = async (first: number, last: number) => LEAVES.slice(first, last + 1);
  const range = { chain: CHAIN, from, size: SIZE, link: LINKS[SIZE - 1]!, leaves };
  const found: unknown[] = [];
  for await (const { differences } of compareWithLedger(range, { blocks, compression: zstd }, below)) {
    for (const { first, last, found: what } of differences) found.push([first, last, what]);
  }
  return found;
}

/** The block's place taken by one with another second entry. */
function forged(block: Block): Block {
  const { position, previousLink, recordedAt } = block;
  const [first] = decodeBlock(block, zstd).entries;
  const other = sampleBytes('acme', { category: 'debug', recordedAt }, 900);
  return blockAtPlace({ chain: CHAIN, position, previousLink }, [first!, other], recordedAt);
}

describe('the hot ledger against what is sealed', () => {
  test('says the same', async () => {
    expect(await compare(ledger())).toEqual([]);
  });

  test('is compared only where it is sealed, and only from where it is asked for', async () => {
    expect(await compare(ledger(forged(BLOCKS[4]!)))).toEqual([]);
    expect(await compare(ledger(forged(BLOCKS[0]!)), 2)).toEqual([]);
    expect(await compare(ledger(forged(BLOCKS[3]!)), 0, 6)).toEqual([]);
  });

  test('is compared where it ends, wherever that is: below what was compared before, too', async () => {
    const emptied = new MemoryBlocks();
    emptied.put(BLOCKS[0]!);
    expect(await compare(emptied, 6)).toEqual([]);
    emptied.put(forged(BLOCKS[0]!));
    expect(await compare(emptied, 6)).toEqual([[1, 1, 'other entries']]);
  });

  test('names the very positions that differ', async () => {
    expect(await compare(ledger(forged(BLOCKS[1]!)))).toEqual([[3, 3, 'other entries']]);
  });

  test('has the same entries under links of another chain', async () => {
    const { position, recordedAt } = BLOCKS[2]!;
    const entries = decodeBlock(BLOCKS[2]!, zstd).entries;
    const moved = blockAtPlace({ chain: CHAIN, position, previousLink: genesisLink(CHAIN) }, entries, recordedAt);
    expect(await compare(ledger(moved))).toEqual([[4, 5, 'the same entries, linked to something else']]);
  });

  test('has a block that does not verify', async () => {
    const found = await compare(ledger({ ...BLOCKS[2]!, link: BLOCKS[1]!.link }));
    expect(found).toEqual([[4, 5, 'a block that does not verify (link)']]);
  });

  test('has an item that is no block, which hides what is below it', async () => {
    const blocks = ledger();
    const reader: BlockReader = {
      async blockBefore(chain, position) {
        if (position < 6 && position >= 4) throw new BlockError('malformed', 'no attribute');
        return blocks.blockBefore(chain, position);
      },
    };
    expect(await compare(reader)).toEqual([[0, 5, 'an item that is no block (malformed)']]);
  });

  test('goes on behind the seal from the sealed link, or is found to go on from another', async () => {
    const sealedWhole = async (blocks: BlockReader) => {
      const leaves = async (first: number, last: number) => LEAVES.slice(first, last + 1);
      const range = { chain: CHAIN, from: 0, size: 8, link: LINKS[7]!, leaves };
      const found: unknown[] = [];
      for await (const step of compareWithLedger(range, { blocks, compression: zstd })) found.push(...step.differences);
      return found;
    };
    expect(await sealedWhole(ledger())).toEqual([]);
    const entries = decodeBlock(BLOCKS[4]!, zstd).entries;
    const loose = blockAtPlace({ chain: CHAIN, position: 8, previousLink: genesisLink(CHAIN) }, entries, 1);
    expect(await sealedWhole(ledger(loose))).toMatchObject([{ first: 8, last: 8 }]);
  });
});
