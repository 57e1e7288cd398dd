import type { Static } from 'typebox';
import * as Type from 'typebox';
import { DOCUMENT_VERSION, documentCodec } from './codec.ts';
import { Count, ObjectRef, strict, Tenant } from './fields.ts';

const KIND = 'contents';

/** A year's worth of everything that a tenant can have in one digest, many times over. */
const MAX_BYTES = 16 * 1024 * 1024;

const Refs = Type.Array(ObjectRef);

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
  },
  strict,
);
export type Contents = Static<typeof Schema>;

/** The long lists that a digest names: docs/format.md, "Digest". */
export const CONTENTS = documentCodec(Schema, { kind: KIND, maxBytes: MAX_BYTES });
