// The tombstone document: what expiry removes, and why.
import type { Static } from 'typebox';
import * as Type from 'typebox';
import { DOCUMENT_VERSION, documentCodec } from './codec.ts';
import { Category, Chain, Count, Day, Keep, ObjectRef, strict, Tenant, Time } from './fields.ts';

const KIND = 'tombstone';
const MAX_BYTES = 16 * 1024 * 1024;

const Schema = Type.Object(
  {
    v: Type.Literal(DOCUMENT_VERSION),
    kind: Type.Literal(KIND),
    tenant: Tenant,
    /** Its slot: counts the tenant's tombstones from 0. */
    number: Count,
    /** Written at this time, before anything is removed. */
    at: Time,
    category: Category,
    /** What the category is kept for, as it was when the segments expired. */
    retention: Keep,
    /** Versions that are removed: names what sealed segment lists name. */
    segments: Type.Array(
      Type.Object({ object: ObjectRef, chain: Chain, day: Day, first: Count, last: Count }, strict),
      {
        minItems: 1,
      },
    ),
  },
  strict,
);
export type Tombstone = Static<typeof Schema>;

/** What expired, by policy: the proof that a body is absent on purpose. */
export const TOMBSTONE = documentCodec(Schema, { kind: KIND, maxBytes: MAX_BYTES });
