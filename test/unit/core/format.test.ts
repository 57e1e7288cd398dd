// The examples of docs/format.md.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { zstd } from '../../../adapters/zstd.ts';
import { decodeBlock } from '../../../core/block/codec.ts';
import { canonicalBytes } from '../../../core/canonical/canonical.ts';
import { CATEGORIES } from '../../../core/catalog/catalog.ts';
import { genesisLink, leafHash, nextLink } from '../../../core/chain.ts';
import { fromHex, toHex } from '../../../core/crypto.ts';
import { prepareEntry } from '../../../core/entry/prepare.ts';
import { EntrySchema } from '../../../core/entry/schema.ts';
import { parseJson } from '../../../core/json/parse.ts';
import { parseVerifierKey } from '../../../core/note/key.ts';
import { ENTRY_PROOF } from '../../../core/proof/document.ts';
import { EntryProofError } from '../../../core/proof/error.ts';
import { verifyEntryProof } from '../../../core/proof/verify.ts';
import { BLOCK, REQUEST, RUN } from '../../../names/ledger.ts';
import { context } from './context.ts';

const page = readFileSync(new URL('../../../docs/format.md', import.meta.url), 'utf8');
const utf8 = (text: string) => new TextEncoder().encode(text);

/** A fenced block of the page, by the name on its fence. */
function example(name: string): string {
  const found = new RegExp(`^\`\`\`\\w+ example=${name}\\n([\\s\\S]*?)\\n\`\`\`$`, 'm').exec(page);
  if (found === null) throw new Error(`the page has no example ${name}`);
  return found[1]!;
}

/** The second cell of the table row whose first cell is `label`. */
function cell(label: string): string {
  const row = page.split('\n').find((line) => line.startsWith(`| ${label} |`));
  if (row === undefined) throw new Error(`the page has no row ${label}`);
  return row.split('|')[2]!.trim().replaceAll('`', '');
}

const entries = ['entry-1', 'entry-2'].map(example).map(utf8);

describe('docs/format.md', () => {
  test('canonical bytes', () => {
    const bytes = canonicalBytes(parseJson(example('canonical-input')));
    expect(new TextDecoder().decode(bytes)).toBe(example('canonical-output'));
    expect(toHex(bytes)).toBe(example('canonical-hex').replaceAll(/\s/g, ''));
  });

  test.each([1, 2])('entry %i', (n) => {
    const { bytes } = prepareEntry(
      parseJson(example(`entry-${n}-input`)),
      context({
        now: new Date('2026-02-09T10:30:00.250Z'),
        recorder: { type: 'token', id: 'crm' },
        newId: () => '019c41f3-7540-7000-8000-000000000000',
      }),
    );
    expect(new TextDecoder().decode(bytes)).toBe(example(`entry-${n}`));
    expect(page).toContain(`${bytes.length} bytes:\n\n\`\`\`json example=entry-${n}\n`);
  });

  test('links', () => {
    const leaves = entries.map(leafHash);
    expect(leaves.map(toHex)).toEqual([cell('leaf hash 0'), cell('leaf hash 1')]);
    const genesis = genesisLink('acme#0');
    expect(toHex(genesis)).toBe(cell('genesis link'));
    const first = nextLink(genesis, leaves[0]!);
    expect(toHex(first)).toBe(cell('link 0'));
    expect(toHex(nextLink(first, leaves[1]!))).toBe(cell('link 1'));
  });

  test('the block in one raw frame', () => {
    const [, head] = /^\| `([0-9a-f]+)` \| magic/m.exec(page) ?? [];
    const [, size] = /content of (\d+) bytes/.exec(page) ?? [];
    const content = Buffer.concat(entries.flatMap((entry) => [entry, utf8('\n')]));
    expect(content).toHaveLength(Number(size));
    const block = {
      chain: 'acme#0',
      position: 0,
      count: 2,
      v: 1,
      payload: Buffer.concat([fromHex(head!), content]),
      previousLink: fromHex(cell('genesis link')),
      link: fromHex(cell('link 1')),
      recordedAt: 0,
      requests: [],
    };
    expect(decodeBlock(block, zstd).entries.map(toHex)).toEqual(entries.map(toHex));
  });

  test('entry proof', () => {
    const entries = [example('entry-1'), example('entry-2')].map(utf8);
    const proof = ENTRY_PROOF.parse(utf8(example('entry-proof')));
    const keys = [parseVerifierKey(example('entry-proof-vkey'))];
    const { digest, checkpoint } = verifyEntryProof(entries[1]!, proof, keys);
    expect([digest.tenant, proof.chain, proof.position, checkpoint.size]).toEqual(['acme', 0, 1, 2]);
    expect(() => verifyEntryProof(entries[0]!, proof, keys)).toThrow(EntryProofError);
  });

  test('lists every member of an entry, and no other', () => {
    const table = page.slice(page.indexOf('| member |'), page.indexOf('A **time** is'));
    const listed = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!);
    expect(listed.toSorted()).toEqual(Object.keys(EntrySchema.properties).toSorted());
  });

  test.each(['actor', 'source', 'target', 'context', 'recorder'] as const)('lists every member of %s', (group) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${group}\` | \``) && !line.includes('| always |'));
    const { properties } = EntrySchema.properties[group] as { properties: Record<string, { properties?: object }> };
    for (const [name, { properties: inner = {} }] of Object.entries(properties)) {
      for (const member of [name, ...Object.keys(inner)]) expect(row).toContain(`\`${member}\``);
    }
  });

  test('lists every category with its retention', () => {
    for (const { name, retention } of CATEGORIES.values()) expect(cell(`\`${name}\``)).toBe(retention);
  });

  test('lists every attribute of the tables', () => {
    for (const name of [...Object.values(BLOCK), ...Object.values(REQUEST)])
      expect(page).toContain(`\n| \`${name}\` | `);
    for (const name of Object.values(RUN)) expect(cell('`runs`') + page).toContain(`\`${name}\` N`);
  });
});
