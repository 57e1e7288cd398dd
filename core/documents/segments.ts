// The document that lists a chain's segments.
import type { Static } from 'typebox';
import * as Type from 'typebox';
import { DOCUMENT_VERSION, documentCodec } from './codec.ts';
import { DocumentError } from './error.ts';
import { Category, Chain, Count, Day, ObjectRef, strict, Tenant } from './fields.ts';

const KIND = 'segments';

/** A million positions that no two neighbours of which are of one category, and some thousand files. */
const MAX_BYTES = 64 * 1024 * 1024;

const SegmentSchema = Type.Object(
  {
    object: ObjectRef,
    category: Category,
    day: Day,
    /** Which positions of the list's range it holds (core/documents/positions.ts); it may hold others beyond. */
    positions: Type.String({ minLength: 1 }),
    /** First and last position of the whole file. */
    first: Count,
    last: Count,
  },
  strict,
);
export type SealedSegment = Static<typeof SegmentSchema>;

const Schema = Type.Object(
  {
    v: Type.Literal(DOCUMENT_VERSION),
    kind: Type.Literal(KIND),
    tenant: Tenant,
    chain: Chain,
    seal: Count,
    /** The positions from `from` to before `through`, each of which is in exactly one of the segments. */
    from: Count,
    through: Count,
    segments: Type.Array(SegmentSchema),
  },
  strict,
);
export type SegmentList = Static<typeof Schema>;

/** Where a run of a chain is archived. Whether the positions add up is for whoever verifies: it has to say which don't. */
export const SEGMENT_LIST = documentCodec(Schema, {
  kind: KIND,
  maxBytes: MAX_BYTES,
  check: ({ from, through, segments }) => {
    if (from >= through) throw new DocumentError('positions', KIND, 'got a list of no positions');
    for (const { first, last } of segments) {
      if (first > last) throw new DocumentError('positions', KIND, 'got a segment that ends before it begins');
    }
  },
});
