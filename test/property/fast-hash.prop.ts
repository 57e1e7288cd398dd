// Hashes written in place are those of the definition.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { entryLeaves } from '../../core/bundle/entries.ts';
import { extendLink, extendLinkSlowly, genesisLink, leafHash, nextLink } from '../../core/chain.ts';
import { sha256, sha256Into, toHex } from '../../core/crypto.ts';
import { CompactRange } from '../../core/merkle/compact.ts';
import { perfectSubtrees, subtreeRoot, subtreeRootSlowly } from '../../core/merkle/subtree.ts';
import { ChainHasher } from '../../core/verify/hasher.ts';
import { extendLinkFast, subtreeRootFast } from '../../core/wasm/batch.ts';
import { NaiveTree } from '../support/naive-tree.ts';

test('a digest written in place is the digest, wherever it is put', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(40), (input, at) => {
      const out = new Uint8Array(80).fill(7);
      sha256Into(input, out, at);
      expect(toHex(out.subarray(at, at + 32))).toBe(toHex(sha256(input)));
      expect(out.filter((_, i) => i < at || i >= at + 32).every((byte) => byte === 7)).toBe(true);
    }),
  );
});

test('leaf hashes of lines are those of entries, in whatever pieces the lines come', async () => {
  const line = fc.uint8Array({ maxLength: 90 }).map((bytes) => bytes.map((byte) => (byte === 0x0a ? 0x20 : byte)));
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 200 })),
      async (lines, cuts) => {
        const content = Buffer.concat(lines.flatMap((one) => [one, Uint8Array.of(0x0a)]));
        async function* pieces() {
          let at = 0;
          for (const cut of cuts) {
            yield content.subarray(at, at + cut);
            at += cut;
          }
          yield content.subarray(at);
        }
        const found: string[] = [];
        let bytes = 0;
        for await (const batch of entryLeaves(pieces(), 'lines', 'acme')) {
          bytes += batch.bytes;
          for (let at = 0; at < batch.hashes.length; at += 32) found.push(toHex(batch.hashes.subarray(at, at + 32)));
        }
        expect(found).toEqual(lines.map((one) => toHex(leafHash(one))));
        expect(bytes).toBe(lines.reduce((sum, { length }) => sum + length, 0));
      },
    ),
  );
});

test('link and root are those by definition, in whatever steps and from wherever a chain is gone on with', () => {
  const steps = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(steps, (counts) => {
      const size = counts.reduce((sum, count) => sum + count, 0);
      const entries = Array.from({ length: size }, (_, i) => Uint8Array.of(i >> 8, i & 255));
      const genesis = genesisLink('acme#0');
      let hasher = new ChainHasher({ size: 0, link: toHex(genesis), range: [] });
      let at = 0;
      for (const count of counts) {
        hasher.append(Buffer.concat(entries.slice(at, at + count).map(leafHash)));
        at += count;
        hasher = new ChainHasher(hasher.state);
      }
      const link = entries.reduce((before, entry) => nextLink(before, leafHash(entry)), genesis);
      expect(hasher.hasLink(toHex(link))).toBe(true);
      expect(hasher.hasRoot(toHex(new NaiveTree(entries).root(0, size)))).toBe(true);
    }),
    { numRuns: 30 },
  );
});

const HASH = 32;
/** As many hashes, anywhere in a larger buffer. */
const hashesOf = (count: number) =>
  fc
    .tuple(fc.uint8Array({ minLength: count * HASH, maxLength: count * HASH }), fc.nat(7))
    .map(([bytes, offset]) => Buffer.concat([new Uint8Array(offset), bytes]).subarray(offset));

test('a link that is extended by many leaves at once is the one by definition, however many fit the memory', () => {
  const counts = fc.oneof(
    fc.integer({ min: 0, max: 100 }),
    fc.constantFrom(31, 32, 33, 256, 4_031, 4_032, 4_033, 9_000),
  );
  fc.assert(
    fc.property(hashesOf(1), counts, fc.uint8Array({ minLength: 64, maxLength: 64 }), (start, count, seed) => {
      const leaves = new Uint8Array(count * HASH);
      for (let i = 0; i < leaves.length; i++) leaves[i] = seed[i % 64]! ^ (i >> 5) ^ (i >> 13);
      const [fast, slow] = [Uint8Array.from(start), Uint8Array.from(start)];
      expect(extendLinkFast(fast, leaves)).toBe(count >= 32);
      extendLink(start, leaves);
      extendLinkSlowly(slow, leaves);
      expect(toHex(start)).toBe(toHex(slow));
      if (count >= 32) expect(toHex(fast)).toBe(toHex(slow));
    }),
    { numRuns: 60 },
  );
});

test('the root of a perfect tree is the one by definition, and what is none has none', () => {
  const sizes = fc.constantFrom(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 2_048);
  fc.assert(
    fc.property(
      sizes.chain((size) => hashesOf(size)),
      (hashes) => {
        const before = toHex(hashes);
        const root = toHex(subtreeRootSlowly(hashes));
        expect(toHex(subtreeRoot(hashes))).toBe(root);
        const fast = subtreeRootFast(hashes);
        expect(fast === undefined).toBe(hashes.length < 32 * HASH);
        if (fast !== undefined) expect(toHex(fast)).toBe(root);
        expect(toHex(hashes)).toBe(before);
      },
    ),
    { numRuns: 100 },
  );
  for (const count of [0, 3, 48, 255]) expect(() => subtreeRoot(new Uint8Array(count * HASH))).toThrow('power of two');
});

test('the perfect trees of any number of hashes are those of a range that they are appended to', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 300 }).chain((size) => hashesOf(size)),
      (hashes) => {
        const range = new CompactRange();
        for (let at = 0; at < hashes.length; at += HASH) range.append(hashes.slice(at, at + HASH));
        expect(perfectSubtrees(hashes).map(toHex)).toEqual(range.hashes.map(toHex));
      },
    ),
    { numRuns: 60 },
  );
});
