// Writes the contents document of a digest.
import { CONTENTS, type Contents, type ShortHead } from '../../core/documents/contents.ts';
import { DIGEST } from '../../core/documents/digest.ts';
import { DocumentError } from '../../core/documents/error.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { contentsKey, digestKey } from '../../names/log.ts';
import { EvidenceLost, readDocument } from '../log/referenced.ts';
import { CONTENT, type Sealing } from './context.ts';
import { HOLDS, type Slot, slotsFrom, TOMBSTONES } from './slots.ts';

export type Counters = Pick<Contents, 'nextTombstone' | 'nextHold'>;

export const FIRST_COUNTERS: Counters = { nextTombstone: 0, nextHold: 0 };

/** What a digest brings besides tombstones and holds. */
export interface Brought {
  /** Segment lists. */
  readonly segments: readonly ObjectRef[];
  readonly short: readonly ShortHead[];
}

/** Which tenant's digest of which seal. */
export interface DigestPlace {
  readonly tenant: string;
  readonly seal: number;
  readonly sealedAt: string;
}

/**
 * Writes what a digest brings: segment lists, chains that are short, and the tombstones and holds since the one before. None, when it brings
 * nothing and there never was a tombstone or a hold: so whoever needs the counters finds them in the digest before, or
 * knows that they are still 0, however long the tenant was quiet.
 *
 * Slots fill up while a seal is at work. What an earlier attempt at this digest counted in is kept to, so that both end
 * in the same bytes; what came later waits for the next seal. Counting in less than there is, is all that a planted
 * document could bring about.
 */
export async function keepContents(
  sealing: Sealing,
  place: DigestPlace,
  { segments, short }: Brought,
  before: Counters,
): Promise<ObjectRef | undefined> {
  const { tenant, seal } = place;
  const tombstones = await slotsFrom(sealing, TOMBSTONES, place, before.nextTombstone);
  const holds = await slotsFrom(sealing, HOLDS, place, before.nextHold);
  const earlier = await earlierCounters(sealing, place, before);
  const nextTombstone = before.nextTombstone + taken(tombstones, before.nextTombstone, earlier?.nextTombstone);
  const nextHold = before.nextHold + taken(holds, before.nextHold, earlier?.nextHold);
  if (segments.length + short.length + nextTombstone + nextHold === 0) return undefined;
  const contents = CONTENTS.format({
    ...{ v: 1, kind: 'contents', tenant, seal },
    segments: [...segments],
    tombstones: refs(tombstones.slice(0, nextTombstone - before.nextTombstone)),
    holds: refs(holds.slice(0, nextHold - before.nextHold)),
    ...{ nextTombstone, nextHold },
    ...(short.length === 0 ? {} : { short: [...short] }),
  });
  return sealing.keep(contentsKey(tenant, seal), contents, CONTENT.document, place.sealedAt);
}

const refs = (slots: readonly Slot[]) => slots.filter((slot) => slot !== undefined);

/** How many of the slots that there are now an earlier attempt counted in. */
function taken(slots: readonly Slot[], from: number, earlier: number | undefined): number {
  return Math.min(slots.length, Math.max(0, (earlier ?? Number.POSITIVE_INFINITY) - from));
}

/** The counters that the oldest attempt at this digest ended in, as far as it came; nothing else of it counts. */
async function earlierCounters(
  sealing: Sealing,
  { tenant, seal }: DigestPlace,
  before: Counters,
): Promise<Counters | undefined> {
  const { store } = sealing.ports;
  const belongs = (found: { tenant: string; seal: number }) => found.tenant === tenant && found.seal === seal;
  const digest = await oldestOf(sealing, digestKey(tenant, seal), (bytes) => DIGEST.parse(bytes), belongs);
  if (digest !== undefined && digest.contents === undefined) return before;
  if (digest?.contents !== undefined) {
    return orUndefined(() => readDocument(store, CONTENTS, digest.contents!));
  }
  return oldestOf(sealing, contentsKey(tenant, seal), (bytes) => CONTENTS.parse(bytes), belongs);
}

async function oldestOf<T>(
  { ports: { store } }: Sealing,
  key: string,
  parse: (bytes: Uint8Array) => T,
  belongs: (document: T) => boolean,
): Promise<T | undefined> {
  if ((await store.current(key)) === undefined) return undefined;
  for (const { version } of (await store.versions(key)).toReversed()) {
    const bytes = await store.fetch(key, version);
    const document = bytes && (await orUndefined(async () => parse(bytes)));
    if (document !== undefined && belongs(document)) return document;
  }
  return undefined;
}

async function orUndefined<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DocumentError || error instanceof EvidenceLost) return undefined;
    throw error;
  }
}
