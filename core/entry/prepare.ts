// Makes of what a client sent the entries that are hashed and stored.
import { canonicalBytes } from '../canonical/canonical.ts';
import { leafHash } from '../chain.ts';
import { checkValue, textLength } from '../json/check.ts';
import { MAX_FAULTS } from '../json/schema.ts';
import { isJsonObject, type JsonValue } from '../json/value.ts';
import { complete } from './complete.ts';
import type { PrepareContext, PreparedEntry } from './context.ts';
import { EntryRejected, type Fault, ForeignTenant } from './faults.ts';
import { ruleFaults } from './rules.ts';
import type { EntryInput } from './schema.ts';
import { schemaFaults } from './validate.ts';

/**
 * One entry as a client sent it, made into the bytes that are hashed and stored. Throws ForeignTenant, or EntryRejected
 * with every fault that was found.
 */
export function prepareEntry(input: JsonValue, context: PrepareContext): PreparedEntry {
  const place = context.pointerPrefix ?? '';
  refuse([[input, place]], context);
  const entry = build(input as EntryInput, context);
  const fault = sizeFault(entry, place, context);
  if (fault !== undefined) throw new EntryRejected([fault]);
  return entry;
}

/** All or nothing: one faulty entry refuses the batch, with the faults of all of them. */
export function prepareBatch(inputs: readonly JsonValue[], context: PrepareContext): PreparedEntry[] {
  const place = context.pointerPrefix ?? '';
  const { batchEntries, batchBytes } = context.limits;
  if (inputs.length === 0) {
    throw new EntryRejected([{ pointer: place, code: 'empty-batch', message: 'got no entry, want at least one' }]);
  }
  if (inputs.length > batchEntries) {
    const limit = { name: 'batchEntries', value: batchEntries, got: inputs.length } as const;
    const message = `got ${inputs.length} entries, want at most ${batchEntries}`;
    throw new EntryRejected([{ pointer: place, code: 'too-many-entries', message, limit }]);
  }
  refuse(
    inputs.map((input, i) => [input, `${place}/${i}`]),
    context,
  );
  const entries = inputs.map((input) => build(input as EntryInput, context));
  const faults = entries.flatMap((entry, i) => sizeFault(entry, `${place}/${i}`, context) ?? []);
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes.length, 0);
  if (bytes > batchBytes) {
    const limit = { name: 'batchBytes', value: batchBytes, got: bytes } as const;
    const message = `got ${bytes} bytes in canonical form, want at most ${batchBytes}`;
    faults.push({ pointer: place, code: 'batch-too-large', message, limit });
  }
  if (faults.length > 0) throw new EntryRejected(faults.slice(0, MAX_FAULTS));
  return entries;
}

type InputAt = readonly [input: JsonValue, place: string];

/** Whose entries they are comes first: a caller without authority learns nothing of what else is wrong. */
function refuse(inputs: readonly InputAt[], context: PrepareContext): void {
  const foreign = inputs.flatMap(([input, place]) => foreignTenant(input, place, context) ?? []);
  if (foreign.length > 0) throw new ForeignTenant(foreign.slice(0, MAX_FAULTS));
  const faults: Fault[] = [];
  for (const [input, place] of inputs) {
    faults.push(...faultsOf(input, place, context));
    if (faults.length >= MAX_FAULTS) break;
  }
  if (faults.length > 0) throw new EntryRejected(faults.slice(0, MAX_FAULTS));
}

function foreignTenant(input: JsonValue, place: string, { tenant }: PrepareContext): Fault | undefined {
  if (!isJsonObject(input) || typeof input.tenant !== 'string' || input.tenant === tenant) return undefined;
  const message = 'got another tenant than the caller speaks for';
  return { pointer: `${place}/tenant`, code: 'foreign-tenant', message };
}

/** In document order as far as the kinds of fault allow. */
function faultsOf(input: JsonValue, place: string, context: PrepareContext): Fault[] {
  const { nesting, entryBytes } = context.limits;
  const found: Fault[] = checkValue(input, nesting, place).map((fault) =>
    fault.code === 'too-deep' ? { ...fault, limit: { name: 'nesting', value: nesting, got: nesting + 1 } } : fault,
  );
  // Deeper or larger values are not looked into any further: that is what the limits are for.
  if (found.some(({ code }) => code === 'too-deep')) return found;
  const length = textLength(input, entryBytes);
  if (length > entryBytes) return [...found, tooLarge(place, entryBytes, length)];
  return [...found, ...schemaFaults(input, place), ...ruleFaults(input, place, context)];
}

function build(input: EntryInput, context: PrepareContext): PreparedEntry {
  const entry = complete(input, context);
  const bytes = canonicalBytes(entry);
  return {
    id: entry.id as string,
    category: entry.category as string,
    recordedAt: entry.recordedAt as string,
    bytes,
    leafHash: leafHash(bytes),
  };
}

function sizeFault(entry: PreparedEntry, pointer: string, { limits }: PrepareContext): Fault | undefined {
  const got = entry.bytes.length;
  return got <= limits.entryBytes ? undefined : tooLarge(pointer, limits.entryBytes, got);
}

function tooLarge(pointer: string, value: number, got: number): Fault {
  const message = `got ${got} bytes or more in canonical form, want at most ${value}`;
  return { pointer, code: 'entry-too-large', message, limit: { name: 'entryBytes', value, got } };
}
