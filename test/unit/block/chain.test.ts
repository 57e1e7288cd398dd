// Names, leaves and links of chains.
import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { chainName, genesisLink, leafHash, nextLink, parseChainName } from '../../../core/chain.ts';
import { toHex } from '../../../core/crypto.ts';

const reference = (...parts: (string | Uint8Array)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

test('genesis, leaf and link are the hashes that the format says', () => {
  const entry = Buffer.from('{"a":1}');
  const genesis = genesisLink('acme#7');
  expect(toHex(genesis)).toBe(reference('acme#7'));
  expect(toHex(leafHash(entry))).toBe(reference(Buffer.of(0), entry));
  expect(toHex(nextLink(genesis, leafHash(entry)))).toBe(reference(Buffer.of(2), genesis, leafHash(entry)));
});

test("RFC 6962's leaf hash of the empty string", () => {
  expect(toHex(leafHash(new Uint8Array()))).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
});

test('a chain name is read as it was written', () => {
  expect(parseChainName(chainName('a.b-c_D9', 63))).toEqual({ tenant: 'a.b-c_D9', chain: 63 });
});

test.each(['', '#0', 'acme', 'acme#', 'acme#64', 'acme#-1', 'acme#00', 'acme#1.0', 'a#b#0', '-acme#0', 'acme#0\n'])(
  'not a chain name: %j',
  (name) => {
    expect(() => parseChainName(name)).toThrow(RangeError);
  },
);

test.each([
  ['ac#me', 0],
  ['', 0],
  ['acme', 64],
  ['acme', -1],
  ['acme', 0.5],
  ['a'.repeat(129), 0],
] as const)('no chain is named for %j, %j', (tenant, chain) => {
  expect(() => chainName(tenant, chain)).toThrow(RangeError);
});
