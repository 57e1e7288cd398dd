// Names of chains, leaf hashes and links.
import { TENANT_PATTERN } from '../names/patterns.ts';
import { HASH_BYTES, sha256, sha256Into } from './crypto.ts';
import { extendLinkFast } from './wasm/batch.ts';

/** A tenant's entries spread over at most this many chains; seals and verification cost grows with it. */
export const MAX_CHAINS = 64;

const TENANT = new RegExp(TENANT_PATTERN);
const CHAIN_NUMBER = /^(?:0|[1-9][0-9]?)$/;

/** First bytes of what is hashed, so that a leaf can't be taken for a link or the other way round. */
const LEAF = Uint8Array.of(0x00);
const LINK_PREFIX = 0x02;
const LINK = Uint8Array.of(LINK_PREFIX);

/** `tenant#n`. A tenant's name never holds `#`, so a name has one reading. */
export function chainName(tenant: string, chain: number): string {
  if (!TENANT.test(tenant)) throw new RangeError('got a malformed tenant, want letters, digits, ".", "_", "-"');
  if (!Number.isInteger(chain) || chain < 0 || chain >= MAX_CHAINS) {
    throw new RangeError(`got chain ${chain}, want an integer from 0 to ${MAX_CHAINS - 1}`);
  }
  return `${tenant}#${chain}`;
}

export function parseChainName(name: string): { tenant: string; chain: number } {
  const end = name.indexOf('#');
  const [tenant, digits] = [name.slice(0, Math.max(0, end)), name.slice(end + 1)];
  const chain = Number(digits);
  if (!TENANT.test(tenant) || !CHAIN_NUMBER.test(digits) || chain >= MAX_CHAINS) {
    throw new RangeError('got a malformed chain name, want tenant#n');
  }
  return { tenant, chain };
}

/** What the first entry's link builds on: binds the whole chain to its name. */
export function genesisLink(name: string): Uint8Array {
  return sha256(new TextEncoder().encode(name));
}

/** RFC 6962's leaf hash over an entry's canonical bytes. */
export function leafHash(bytes: Uint8Array): Uint8Array {
  return sha256(LEAF, bytes);
}

export function nextLink(previous: Uint8Array, leaf: Uint8Array): Uint8Array {
  return sha256(LINK, previous, leaf);
}

/** Extends a link, in place, by leaf hashes of 32 bytes that lie one after the other: `nextLink` for each of them. */
export function extendLink(link: Uint8Array, leaves: Uint8Array): void {
  if (!extendLinkFast(link, leaves)) extendLinkSlowly(link, leaves);
}

/** The same by node:crypto, one by one: for few of them, and what the fast one is held against. */
export function extendLinkSlowly(link: Uint8Array, leaves: Uint8Array): void {
  const input = new Uint8Array(1 + 2 * HASH_BYTES);
  input[0] = LINK_PREFIX;
  input.set(link, 1);
  for (let at = 0; at < leaves.length; at += HASH_BYTES) {
    for (let i = 0; i < HASH_BYTES; i++) input[1 + HASH_BYTES + i] = leaves[at + i]!;
    sha256Into(input, input, 1);
  }
  link.set(input.subarray(1, 1 + HASH_BYTES));
}
