// The digest document: one tenant's seal.
import type { Static } from 'typebox';
import * as Type from 'typebox';
import { MAX_CHAINS } from '../chain.ts';
import { MAX_BUNDLED_ENTRY_BYTES } from '../tiles/entry-bundle.ts';
import { DOCUMENT_VERSION, documentCodec } from './codec.ts';
import { DocumentError } from './error.ts';
import { Category, Chain, Count, Hash, Keep, ObjectRef, Origin, strict, Tenant, Time } from './fields.ts';

const KIND = 'digest';

/** What is sealed of one chain: the tree over its first `size` leaves, and the link of the last of them. */
export const ChainHead = Type.Object({ chain: Chain, size: Count, root: Hash, link: Hash }, strict);
export type ChainHead = Static<typeof ChainHead>;

const Schema = Type.Object(
  {
    v: Type.Literal(DOCUMENT_VERSION),
    kind: Type.Literal(KIND),
    /** Origin of the digest log that it is a leaf of. */
    log: Origin,
    tenant: Tenant,
    /** Counts the tenant's digests from 0, without gaps. */
    number: Count,
    /** The deployment's seal that made it; each seal makes one digest of every tenant that there is. */
    seal: Count,
    /** Which leaf of the digest log it is. */
    index: Count,
    sealedAt: Time,
    /** When the next digest is due: one that is sealed later is late. */
    nextBy: Time,
    /** SHA-256 of the seal's plan. */
    plan: Hash,
    /** Leaf hash (SHA-256(0x00 ‖ bytes)) of the tenant's digest before; absent in the first. */
    previous: Type.Optional(Hash),
    /** Every chain of the tenant, by number; a chain that is here once is in every later digest. */
    chains: Type.Array(ChainHead, { maxItems: MAX_CHAINS }),
    /** What the tenant's entries are kept for, by category: in force for what this digest seals. */
    retention: Type.Record(Category, Keep),
    /** The contents document (core/documents/contents.ts); absent when the period brought nothing. */
    contents: Type.Optional(ObjectRef),
  },
  strict,
);
export type Digest = Static<typeof Schema>;

/** Whether it says that it was sealed after what has it was signed (seconds since 1970; undefined where nobody says). */
export function isSealedAfter({ sealedAt }: Pick<Digest, 'sealedAt'>, signedAt: number | undefined): boolean {
  return signedAt !== undefined && Math.floor(Date.parse(sealedAt) / 1_000) > signedAt;
}

/** A digest is an entry of the digest log, so it has to fit an entry bundle. */
export const DIGEST = documentCodec(Schema, {
  kind: KIND,
  maxBytes: MAX_BUNDLED_ENTRY_BYTES,
  check: ({ number, previous, chains, sealedAt, nextBy }) => {
    if (nextBy <= sealedAt) throw new DocumentError('shape', KIND, 'got a next digest that is due before this one');
    if ((number === 0) !== (previous === undefined)) {
      throw new DocumentError('shape', KIND, 'got a first digest with, or a later one without, the one before');
    }
    for (let i = 1; i < chains.length; i++) {
      if (chains[i]!.chain <= chains[i - 1]!.chain) throw new DocumentError('order', KIND, 'got chains out of order');
    }
  },
});
