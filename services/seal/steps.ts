/**
 * What the seal's state machine passes between its functions. Payloads name documents by version and digest, so they
 * stay small however much there is to seal.
 *
 *   plan    {step: 'plan'}                                        → Planned
 *   chains  for each of `chains`, {step: 'chains', …}             → Sharded; again with its `cursor` until it is `done`
 *   shard   for each of `shards`, {step: 'shard', …, chains: what every shard of chains answered}  → Sharded, alike
 *   publish {seal, plan, results: the `result` of every shard}    → Published
 */

/** One version of one object, and the bytes that it has to have (core/documents/fields.ts, ObjectRef). */
interface ObjectReference {
  readonly key: string;
  readonly version: string;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface PlanRequest {
  readonly step: 'plan';
}

export type Planned =
  /** There is no chain yet, so there is nothing to seal, and no seal. */
  | { readonly nothing: true }
  | {
      readonly seal: number;
      readonly plan: ObjectReference;
      /** From 0 on; to map over, and given to each shard whole. */
      readonly shards: readonly number[];
      /** As `shards`, of chains that are sealed before their tenants' digests; often none. */
      readonly chains: readonly number[];
      /** An earlier attempt at this seal had made the plan. */
      readonly adopted: boolean;
    };

interface ShareRequest {
  readonly seal: number;
  readonly plan: ObjectReference;
  readonly shard: number;
  /** As planned. */
  readonly shards: readonly number[];
  /** What the run before answered; null in the first. */
  readonly cursor: ObjectReference | null;
}

/** `shards` are the plan's `chains`. */
export interface ChainsRequest extends ShareRequest {
  readonly step: 'chains';
}

export interface ShardRequest extends ShareRequest {
  readonly step: 'shard';
  /** Of the shards of chains, by number; handed on whole, since a path through an empty list finds nothing. */
  readonly chains: readonly { readonly result: ObjectReference }[];
}

export type Sharded =
  /** The function's time was up: call again with the cursor. */
  | { readonly done: false; readonly cursor: ObjectReference; readonly findings: number }
  | { readonly done: true; readonly result: ObjectReference; readonly findings: number };

export interface PublishRequest {
  readonly seal: number;
  readonly plan: ObjectReference;
  /** Of the shards, by number. */
  readonly results: readonly ObjectReference[];
}

export interface Published {
  readonly seal: number;
  /** Of the digest log. */
  readonly size: number;
  /** Hexadecimal. */
  readonly root: string;
  readonly sealedAt: string;
  /** The signed note. */
  readonly checkpoint: string;
  /** Chains that are sealed less far than they go, the first of them; absent when there are none. */
  readonly short?: readonly ShortChainOf[];
  /** How many there are. */
  readonly shortChains?: number;
}

/** From position `size` on, nothing of the chain is sealed. */
export interface ShortChainOf {
  readonly tenant: string;
  readonly chain: number;
  readonly size: number;
  /** A code: docs/runbook.md, "Seal disputed" and "Seal short". */
  readonly reason: string;
}
