// The contents document: what a digest brings.
import type { Static } from 'typebox';
import * as Type from 'typebox';
import { MAX_CHAINS } from '../chain.ts';
import { DOCUMENT_VERSION, documentCodec } from './codec.ts';
import { DocumentError } from './error.ts';
import { Chain, Count, ObjectRef, strict, Tenant, Time } from './fields.ts';

const KIND = 'contents';

/** A year's worth of everything that a tenant can have in one digest, many times over. */
const MAX_BYTES = 16 * 1024 * 1024;

const Refs = Type.Array(ObjectRef);

/** A chain that is known to go on, and that the seal could not follow beyond `size`. */
export const ShortHead = Type.Object(
  {
    chain: Chain,
    /** As in the digest; 0 for a chain that the digest does not have. */
    size: Count,
    /** A code: why nothing of the chain is sealed from position `size` on. */
    reason: Type.String({ pattern: '^[a-z][a-z-]{0,63}$' }),
    /** When the newest seal that was not short of this chain was made; absent when there was none. */
    since: Type.Optional(Time),
  },
  strict,
);
export type ShortHead = Static<typeof ShortHead>;

const Schema = Type.Object(
  {
    v: Type.Literal(DOCUMENT_VERSION),
    kind: Type.Literal(KIND),
    tenant: Tenant,
    seal: Count,
    /** Segment lists, by chain and then by position: where every position since the digest before is archived. */
    segments: Refs,
    /** Tombstones, by number: those since the digest before. */
    tombstones: Refs,
    /** Hold events, by number: those since the digest before. */
    holds: Refs,
    /** Number of the tombstone that follows the last one sealed: slots from 0, without gaps. */
    nextTombstone: Count,
    /** Number of the hold event that follows the last one sealed. */
    nextHold: Count,
    /** By chain; absent when every chain is sealed as far as it is known to go. */
    short: Type.Optional(Type.Array(ShortHead, { minItems: 1, maxItems: MAX_CHAINS })),
  },
  strict,
);
export type Contents = Static<typeof Schema>;

/** The long lists that a digest names: docs/format.md, "Digest". */
export const CONTENTS = documentCodec(Schema, {
  kind: KIND,
  maxBytes: MAX_BYTES,
  check: ({ short = [] }) => {
    for (let i = 1; i < short.length; i++) {
      if (short[i]!.chain <= short[i - 1]!.chain)
        throw new DocumentError('order', KIND, 'got short chains out of order');
    }
  },
});
