// Makes an entry of an event.
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import { sha256 } from '../../core/crypto.ts';
import { MAX_IDENTIFIER, MAX_NAME, type Recorder } from '../../core/entry/schema.ts';
import { uuidv7 } from '../../core/entry/uuid.ts';
import type { JsonObject, JsonValue } from '../../core/json/value.ts';
import { isNative, mapApplication, mapNative } from './application.ts';
import { mapAws } from './aws.ts';
import { isCloudTrail, mapCloudTrail } from './cloudtrail.ts';
import { type BusEvent, isFromAws, readEvent, Unmappable } from './event.ts';
import { asProtectionTouched, guardedOf } from './guarded.ts';
import { isInsight, mapInsight } from './insight.ts';
import { type Cut, fitInto, jsonBytes, tame } from './original.ts';
import { type TenantRules, tenantOf } from './tenant.ts';
import { plainText } from './text.ts';

/** An EventBridge event as the ledger can take it: a function of the event alone, so a repeated delivery maps alike. */
export interface Observed {
  readonly tenant: string;
  /** A deterministic id included. */
  readonly input: JsonObject;
  readonly recorder: Recorder;
  /** EventBridge delivers at least once under the same event id, CloudTrail under the same record id. */
  readonly idempotencyKey: string;
  readonly digest: Uint8Array;
  /** The application wrote the entry itself, so the catalog's strictness is its business. */
  readonly native: boolean;
}

/** `metadata` and `event` are around the original, and the entry around them. */
const LEVELS_AROUND = 2;
/** The event is around an entry that it carries. */
const LEVELS_OUTSIDE = 1;
const ID_BYTES = 10;
const encoder = new TextEncoder();

/**
 * `originalBytes` bounds what is kept of the event in `metadata.event`, with the list of what was cut off it.
 * Throws Unmappable for what is no event, and for tenants that contradict each other.
 */
export function observe(raw: unknown, rules: TenantRules, nesting: number, originalBytes: number): Observed {
  const guarded = guardedOf(raw);
  if (guarded === undefined) return observeEvent(raw, rules, nesting, originalBytes);
  const observed = observeEvent(guarded.event, rules, nesting, originalBytes);
  // The event comes by its own rule too, as the entry of the call; the same key would make one of the two the other.
  const idempotencyKey = `guard:${observed.idempotencyKey}`;
  const id = uuidv7(readEvent(guarded.event).time, sha256(encoder.encode(idempotencyKey)).subarray(0, ID_BYTES));
  return { ...observed, input: { ...asProtectionTouched(observed.input), id }, idempotencyKey, native: false };
}

function observeEvent(raw: unknown, rules: TenantRules, nesting: number, originalBytes: number): Observed {
  const event = readEvent(raw as JsonValue);
  const native = isNative(event);
  const { value, cuts } = tame(raw as JsonValue, native ? nesting + LEVELS_OUTSIDE : nesting - LEVELS_AROUND);
  if (native && cuts.length > 0) {
    const [{ pointer, reason }] = cuts as [Cut];
    throw new Unmappable('inexact-entry', `got an entry that JSON can't carry exactly (${reason}) at ${pointer}`);
  }
  const occurrence = occurrenceOf(event, value);
  const id = uuidv7(event.time, sha256(encoder.encode(occurrence.key)).subarray(0, ID_BYTES));
  return {
    tenant: tenantOf(event, rules),
    input: native ? mapNative(event, id) : { ...described(event), id, metadata: original(value, cuts, originalBytes) },
    recorder: recorderOf(event),
    idempotencyKey: occurrence.key,
    digest: sha256(canonicalBytes(occurrence.content)),
    native,
  };
}

/** Ids are UUIDs and sources short; the bounds keep a hand-made event from making a key that the ledger can't take. */
const MAX_KEYED_ID = 120;
const MAX_KEYED_SOURCE = 100;

/**
 * What happened once however often it is told, and the part of the telling that stays the same. CloudTrail may put one
 * record on the bus twice, and a trail's files may be sent again: each time EventBridge gives a new event id, so the
 * record's own counts. The source is part of the key, so that nobody else's events can stand in the way of AWS's.
 */
function occurrenceOf(event: BusEvent, tamed: JsonValue): { readonly key: string; readonly content: JsonValue } {
  const record = isCloudTrail(event) || isInsight(event) ? plainText(event.detail.eventID, MAX_KEYED_ID) : undefined;
  if (record === undefined) return { key: `event:${plainText(event.id, MAX_KEYED_ID)}`, content: tamed };
  const { detail } = tamed as { readonly detail: JsonObject };
  return { key: `cloudtrail:${plainText(event.source, MAX_KEYED_SOURCE)}:${record}`, content: detail };
}

function described(event: BusEvent): JsonObject {
  return mapOf(event)(event) as unknown as JsonObject;
}

function mapOf(event: BusEvent) {
  if (isCloudTrail(event)) return mapCloudTrail;
  if (isInsight(event)) return mapInsight;
  return isFromAws(event.source) ? mapAws : mapApplication;
}

function original(value: JsonValue, tamed: readonly Cut[], budget: number): JsonObject {
  const listed = tamed.map((cut) => ({ ...cut }));
  const { value: kept, cuts } = fitInto(value, budget - jsonBytes(listed));
  const cut = cuts.map((one) => ({ ...one }));
  if (kept === undefined) return { cut };
  return listed.length + cut.length > 0 ? { event: kept, cut: [...listed, ...cut] } : { event: kept };
}

/** The source vouches for what an event says: AWS for `aws.*`, otherwise whoever may put events on the bus. */
function recorderOf(event: BusEvent): Recorder {
  const issuer = plainText(event.account, MAX_NAME);
  return {
    type: 'principal',
    id: plainText(event.source, MAX_IDENTIFIER) ?? 'unknown',
    issuer: issuer === undefined ? 'events.amazonaws.com' : `events.amazonaws.com/${issuer}`,
    name: plainText(event.detailType, MAX_NAME) ?? 'event',
  };
}
