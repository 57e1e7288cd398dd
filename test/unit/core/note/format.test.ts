// The log's examples in docs/format.md.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { leafHash } from '../../../../core/chain.ts';
import { fromHex, toHex } from '../../../../core/crypto.ts';
import { CompactRange } from '../../../../core/merkle/compact.ts';
import { verifyConsistency } from '../../../../core/merkle/verify.ts';
import { parseVerifierKey } from '../../../../core/note/key.ts';
import { encodeEntryBundle } from '../../../../core/tiles/entry-bundle.ts';
import { parseTlogProof } from '../../../../core/tlog-proof/proof.ts';
import { verifyTlogProof } from '../../../../core/tlog-proof/verify.ts';

const page = readFileSync(new URL('../../../../docs/format.md', import.meta.url), 'utf8');
const entries = ['one', 'two', 'three', 'four', 'five'].map((text) => new TextEncoder().encode(text));

function example(name: string): string {
  const [, body] = new RegExp(`^\`\`\`text example=${name}\n(.*?\n)\`\`\`$`, 'ms').exec(page) ?? [];
  if (body === undefined) throw new Error(`the page has no example ${name}`);
  return body;
}

/** The roots in the table of the section on trees, by size. */
const roots = [...page.matchAll(/^\| (\d) \| `([0-9a-f]{64})` \|$/gm)].map(([, , root]) => fromHex(root!));

test('the roots of the tree', () => {
  const range = new CompactRange();
  const got = [range.root()];
  for (const entry of entries) {
    range.append(leafHash(entry));
    got.push(range.root());
  }
  expect(roots.map(toHex)).toEqual(got.map(toHex));
});

test('the consistency proof', () => {
  const proof = example('consistency').trimEnd().split('\n').map(fromHex);
  verifyConsistency({ older: { size: 3, root: roots[3]! }, newer: { size: 5, root: roots[5]! } }, proof);
});

test('the entry bundle', () => {
  expect(`${toHex(encodeEntryBundle(entries))}\n`).toBe(example('bundle'));
});

test('the proof, its checkpoint and its key', () => {
  const key = parseVerifierKey(example('vkey').trimEnd());
  const proof = parseTlogProof(new TextEncoder().encode(example('tlog-proof')));
  const opened = verifyTlogProof(proof, leafHash(entries[2]!), { origin: 'log.example/indelible', logKeys: [key] });
  expect(opened).toMatchObject({ size: 5, root: roots[5] });
});
