// The document of a legal hold's event.
import type { Static } from 'typebox';
import * as Type from 'typebox';
import { MAX_IDENTIFIER, MAX_NAME, PLAIN_PATTERN } from '../entry/schema.ts';
import { DOCUMENT_VERSION, documentCodec } from './codec.ts';
import { Category, Count, strict, Tenant, Time } from './fields.ts';

const KIND = 'hold';
const MAX_BYTES = 64 * 1024;
const MAX_REASON = 2_000;

const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: PLAIN_PATTERN });

/** Offices that may apply holds. */
const HOLD_ROLES = ['compliance', 'admin'] as const;
export type HoldRole = (typeof HOLD_ROLES)[number];

/** What is held: entries that meet every member that is there. Without any, all of the tenant's. */
export const HoldScope = Type.Object(
  {
    /** Identifier of a person as actor, or as target of any type. */
    subject: Type.Optional(Text(MAX_IDENTIFIER)),
    target: Type.Optional(Type.Object({ type: Text(MAX_NAME), id: Type.Optional(Text(MAX_IDENTIFIER)) }, strict)),
    category: Type.Optional(Category),
    /** Recorded from this time on. */
    from: Type.Optional(Time),
    /** Recorded before this time. */
    to: Type.Optional(Time),
  },
  strict,
);
export type HoldScope = Static<typeof HoldScope>;

const Schema = Type.Object(
  {
    v: Type.Literal(DOCUMENT_VERSION),
    kind: Type.Literal(KIND),
    tenant: Tenant,
    /** Its slot: counts the tenant's hold events from 0. */
    number: Count,
    /** `release_requested` changes nothing: the hold is in force until it is released. */
    event: Type.Enum(['applied', 'release_requested', 'released'] as const),
    /** Of the hold; all of its events share it. */
    id: Text(MAX_NAME),
    at: Time,
    /** Who asked: subject of the token. */
    by: Text(MAX_IDENTIFIER),
    /** The office in which they asked: the one that applies a hold releases it. */
    role: Type.Enum(HOLD_ROLES),
    reason: Type.String({ minLength: 1, maxLength: MAX_REASON }),
    scope: HoldScope,
  },
  strict,
);
export type HoldEvent = Static<typeof Schema>;

/** A legal hold begins, is to end, or ends. */
export const HOLD = documentCodec(Schema, { kind: KIND, maxBytes: MAX_BYTES });
