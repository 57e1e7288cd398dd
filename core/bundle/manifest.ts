// The manifest of a bundle: what it covers, and of which log it is.
import type { Static } from 'typebox';
import * as Type from 'typebox';
import { MAX_CHAINS } from '../chain.ts';
import { DOCUMENT_VERSION, documentCodec } from '../documents/codec.ts';
import { DocumentError } from '../documents/error.ts';
import { Chain, Count, Day, Origin, strict, Tenant, Time } from '../documents/fields.ts';

const KIND = 'bundle';
const MAX_BYTES = 64 * 1024;
const MAX_TOOL = 256;

const Schema = Type.Object(
  {
    v: Type.Literal(DOCUMENT_VERSION),
    kind: Type.Literal(KIND),
    tenant: Tenant,
    /** Origin of the digest log. */
    log: Origin,
    createdAt: Time,
    /** The days that were asked for, both included. */
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    /** Numbers of the digests that are whole inside; unless the first is 0, the one before is there to anchor it. */
    first: Count,
    last: Count,
    /** Every chain of the last digest, by number, and the positions whose entries are inside. */
    chains: Type.Array(Type.Object({ chain: Chain, from: Count, through: Count }, strict), { maxItems: MAX_CHAINS }),
    /** What wrote the bundle; says nothing. */
    tool: Type.String({ minLength: 1, maxLength: MAX_TOOL }),
  },
  strict,
);
export type Manifest = Static<typeof Schema>;

/** What a bundle says that it is. None of it is signed: a verifier holds it against the digests. */
export const MANIFEST = documentCodec(Schema, {
  kind: KIND,
  maxBytes: MAX_BYTES,
  check: ({ first, last, chains, from, to }) => {
    if (from !== undefined && to !== undefined && from > to) {
      throw new DocumentError('shape', KIND, 'got a last day before the first');
    }
    if (first > last) throw new DocumentError('shape', KIND, 'got a last digest before the first');
    for (const [i, { chain, from, through }] of chains.entries()) {
      if (from > through) throw new DocumentError('positions', KIND, 'got positions that end before they begin');
      if (chain <= (chains[i - 1]?.chain ?? -1)) throw new DocumentError('order', KIND, 'got chains out of order');
    }
  },
});
