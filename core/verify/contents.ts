// Verifies the contents documents that digests name.
import { CONTENTS, type Contents } from '../documents/contents.ts';
import type { Digest } from '../documents/digest.ts';
import type { ObjectRef } from '../documents/fields.ts';
import { HOLD } from '../documents/hold.ts';
import { TOMBSTONE } from '../documents/tombstone.ts';
import { type DocumentReader, objectName, type Sealed } from './documents.ts';
import { CLOCK_TOLERANCE_MS, type SealWindow, sealWindow } from './entry-rules.ts';
import { finding, type OnFinding } from './finding.ts';
import type { Tombstones } from './tombstones.ts';

/** Numbers of the next tombstone and hold event; undefined where the digest that says it is not among the evidence. */
export interface Slots {
  readonly tombstone: number | undefined;
  readonly hold: number | undefined;
}

export const FIRST_SLOTS: Slots = { tombstone: 0, hold: 0 };
export const UNKNOWN_SLOTS: Slots = { tombstone: undefined, hold: undefined };

/** The digest's contents document; undefined when it has none, or none that can be believed. */
export async function readContents(digest: Digest, reader: DocumentReader): Promise<Contents | undefined> {
  if (digest.contents === undefined) return undefined;
  const { tenant, seal } = digest;
  return reader.read(CONTENTS, digest.contents, sealedBy(digest), (found) =>
    found.tenant === tenant && found.seal === seal ? undefined : `of ${found.tenant}, seal ${found.seal}`,
  );
}

/** A digest, and the one before it if that is known. */
interface Sealing {
  readonly digest: Digest;
  readonly before: Digest | undefined;
}

/**
 * Collects the tombstones and holds that a digest brought, and checks that they are numbered without gaps and say that
 * they were written since the digest before.
 */
export async function collectEvents(
  { digest, before }: Sealing,
  contents: Contents,
  slots: Slots,
  { reader, tombstones, report }: { reader: DocumentReader; tombstones: Tombstones; report: OnFinding },
): Promise<Slots> {
  const { tenant } = digest;
  const window = sealWindow(before, digest.sealedAt);
  const sealed = sealedBy(digest);
  const belongs = (found: { tenant: string }) => (found.tenant === tenant ? undefined : `of ${found.tenant}`);
  const numbers = { tombstones: [] as number[], holds: [] as number[] };
  for (const ref of contents.tombstones) {
    const tombstone = await reader.read(TOMBSTONE, ref, sealed, belongs);
    if (tombstone === undefined) continue;
    numbers.tombstones.push(tombstone.number);
    checkTime(tombstone.at, ref, window, sealed, report);
    tombstones.add(tombstone, digest.sealedAt);
  }
  for (const ref of contents.holds) {
    const hold = await reader.read(HOLD, ref, sealed, belongs);
    if (hold === undefined) continue;
    numbers.holds.push(hold.number);
    checkTime(hold.at, ref, window, sealed, report);
    tombstones.addHold(hold);
  }
  checkNumbers('tombstone', numbers.tombstones, slots.tombstone, contents.nextTombstone, sealed, report);
  checkNumbers('hold', numbers.holds, slots.hold, contents.nextHold, sealed, report);
  return { tombstone: contents.nextTombstone, hold: contents.nextHold };
}

/** A seal takes up what is said to have been written until then, and what came later waits for the next one. */
function checkTime(at: string, ref: ObjectRef, window: SealWindow, sealed: Sealed, report: OnFinding): void {
  const time = Date.parse(at);
  const since = window.since - CLOCK_TOLERANCE_MS;
  if (time >= since && time <= window.sealedAt) return;
  const code = time < since ? 'event-late' : 'event-ahead';
  const expected = `written between the digest before and this one, ${new Date(window.sealedAt).toISOString()}`;
  report(finding(code, { ...sealed, object: objectName(ref), expected, found: at }));
}

/** What the newest digest itself says that it could not seal. Of an older one it is settled by those that follow. */
export function reportShort(digest: Digest, contents: Contents | undefined, report: OnFinding): void {
  for (const { chain, size, reason } of contents?.short ?? []) {
    const expected = 'the chain to be sealed as far as it goes';
    const found = `a seal that ends before position ${size} (${reason})`;
    report(finding('chain-short', { ...sealedBy(digest), chain, first: size, expected, found }));
  }
}

/**
 * Collects the tombstones that were written since the newest digest. Nothing signed names them, so that they excuse nothing
 * for good (docs/format.md, "Tombstone"); one that can't be true is a finding like one that is sealed. `madeAt`: when the
 * evidence was put together, as it says itself.
 */
export async function collectUnsealed(
  refs: AsyncIterable<ObjectRef>,
  { newest, slots, madeAt }: { readonly newest: Digest; readonly slots: Slots; readonly madeAt: string | undefined },
  { reader, tombstones, report }: { reader: DocumentReader; tombstones: Tombstones; report: OnFinding },
): Promise<void> {
  const sealed = sealedBy(newest);
  let next = slots.tombstone ?? 0;
  for await (const ref of refs) {
    const tombstone = await reader.read(TOMBSTONE, ref, sealed, (found) =>
      found.tenant === newest.tenant ? undefined : `of ${found.tenant}`,
    );
    if (tombstone === undefined) continue;
    const { number, at } = tombstone;
    if (number < next) {
      const expected = `an unsealed tombstone from number ${next} on`;
      report(finding('slot-number', { ...sealed, object: objectName(ref), expected, found: String(number) }));
      continue;
    }
    next = number + 1;
    if (madeAt !== undefined && at > madeAt) {
      const expected = `a tombstone of ${madeAt} at the latest`;
      report(finding('tombstone-future', { ...sealed, object: objectName(ref), expected, found: at }));
      continue;
    }
    tombstones.add(tombstone, undefined, false);
  }
}

/** Slots that hold no valid document are skipped by the seal, so numbers rise between the two counters. */
function checkNumbers(
  what: string,
  numbers: readonly number[],
  from: number | undefined,
  next: number,
  sealed: Sealed,
  report: OnFinding,
): void {
  const rising = numbers.every((number, i) => number > (numbers[i - 1] ?? (from ?? 0) - 1));
  if (rising && (numbers.at(-1) ?? -1) < next && next >= (from ?? 0)) return;
  const expected = `${what}s that rise from ${from ?? 'those before'} to before ${next}`;
  report(finding('slot-number', { ...sealed, expected, found: numbers.join(', ') || 'none' }));
}

export function sealedBy({ tenant, seal, number }: Digest): Sealed {
  return { tenant, seal, digest: number };
}
