// The documents in which a shard of a seal keeps its progress.
import type { Static } from 'typebox';
import * as Type from 'typebox';
import { DOCUMENT_VERSION, documentCodec } from '../../core/documents/codec.ts';
import { ShortHead } from '../../core/documents/contents.ts';
import { ChainHead } from '../../core/documents/digest.ts';
import { Category, Count, Day, Hash, ObjectRef, strict, Tenant } from '../../core/documents/fields.ts';

const KIND = 'shard';
const CHAIN_KIND = 'chain-shard';
const MAX_BYTES = 64 * 1024 * 1024;

const Open = Type.Object({ object: ObjectRef, category: Category, day: Day, first: Count, last: Count }, strict);

/** A tenant of whose chains some are sealed. */
const Work = Type.Object(
  {
    /** Heads of the chains that are done, of those that have a position. */
    heads: Type.Array(ChainHead),
    /** How many of its chains are done. */
    done: Count,
    lists: Type.Array(ObjectRef),
    /** Chains that could not be sealed as far as they go, of those that are done. */
    short: Type.Array(ShortHead),
    /** Of the chain that is at work: how far it is. */
    point: Type.Optional(Type.Object({ ...ChainHead.properties, open: Type.Array(Open) }, strict)),
  },
  strict,
);
export type Work = Static<typeof Work>;

const Schema = Type.Object(
  {
    v: Type.Literal(DOCUMENT_VERSION),
    kind: Type.Literal(KIND),
    seal: Count,
    /** SHA-256 of the plan. */
    plan: Hash,
    shard: Count,
    shards: Count,
    /** The digests that are written: of the shard's tenants in the plan's order, as far as it came. */
    digests: Type.Array(Type.Object({ tenant: Tenant, object: ObjectRef }, strict)),
    /** Chains of those tenants that are sealed less far than they go. */
    short: Type.Array(Type.Object({ tenant: Tenant, ...ShortHead.properties }, strict)),
    /** The tenant after those, when it was begun. */
    work: Type.Optional(Work),
  },
  strict,
);

/** How far a shard is: what a run leaves to the next, and in the end to the one that publishes. No evidence of anything. */
export type Progress = Static<typeof Schema>;

export const PROGRESS = documentCodec(Schema, { kind: KIND, maxBytes: MAX_BYTES });

const ChainSchema = Type.Object(
  {
    v: Type.Literal(DOCUMENT_VERSION),
    kind: Type.Literal(CHAIN_KIND),
    seal: Count,
    /** SHA-256 of the plan. */
    plan: Hash,
    shard: Count,
    shards: Count,
    /** Those that are done: which tenant's by its place in the plan, and what was sealed. */
    chains: Type.Array(Type.Object({ rank: Count, chain: Count, work: Work }, strict)),
    /** Of the one after those, when it was begun. */
    work: Type.Optional(Work),
  },
  strict,
);

/** As Progress, of chains that are sealed apart. */
export type ChainProgress = Static<typeof ChainSchema>;

export const CHAIN_PROGRESS = documentCodec(ChainSchema, { kind: CHAIN_KIND, maxBytes: MAX_BYTES });
