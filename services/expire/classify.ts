// Decides of the versions under a key which have expired.
import { keptUntil } from '../../core/catalog/retention.ts';
import { type ActiveHold, reachOfAll } from '../../core/hold/match.ts';
import type { SegmentPlace } from '../../names/archive.ts';
import { isSegmentHeld } from '../hold/segment.ts';
import { BuriedObject } from '../log/versions.ts';
import type { ListedVersion, StoredVersion } from '../object-lock/port.ts';
import type { DueKey } from './due.ts';
import type { ExpirePorts, StrangeObject } from './port.ts';
import { SealedEvidenceFault, type SealedSegments, type SealedVersion } from './sealed.ts';

/** A version that nothing keeps any longer. */
export interface Expired {
  readonly sealed: SealedVersion;
  readonly place: SegmentPlace;
  /** No tombstone that names it can be older. */
  readonly unlockedAt: Date;
  /** Those that do not cover it. */
  readonly holds: readonly ActiveHold[];
}

/** What is to become of everything under one key. */
export interface Classification {
  readonly key: string;
  readonly expired: readonly Expired[];
  /** Versions that a hold covers. */
  readonly held: number;
  /** Versions that are not sealed yet, or locked longer than their category says. */
  readonly early: number;
  readonly strange: readonly { readonly kind: StrangeObject; readonly version?: string }[];
}

export interface ExpiryContext {
  readonly ports: Pick<ExpirePorts, 'store' | 'codec' | 'now'>;
  readonly holds: readonly ActiveHold[];
  /** What the category is kept for now; a digest may have promised more. */
  readonly retention: string;
  readonly sealed: Pick<SealedSegments, 'named'>;
}

/** How long a hold's event may take from its time to being written. */
const HOLD_DELAY_MS = 5_000;

/**
 * The time by which expiry classifies, and which its tombstones say: a little ago, so that every event of a hold that is older
 * can be read now. Whoever compares the two later finds no tombstone made while a hold was in force over what it names.
 */
export function asOf(now: Date): Date {
  return new Date(now.getTime() - HOLD_DELAY_MS);
}

type State = Expired | 'held' | 'early' | 'gone';

/**
 * What of a key expires: the versions that seals name, all of whose positions are sealed, that no hold covers, be it by its
 * scope or by S3's own mark, and whose lock has passed. The cheapest questions come first, so that what is held by
 * category or time costs nothing beyond its listing.
 */
export async function classify({ key, place, versions }: DueKey, context: ExpiryContext): Promise<Classification> {
  const nothing = { key, expired: [], held: 0, early: 0, strange: [] };
  if (place === undefined) return { ...nothing, strange: [{ kind: 'key' }] };
  const bodies = versions.filter(({ marker }) => !marker);
  const markers = versions.filter(({ marker }) => marker).map(({ version }) => ({ kind: 'marker' as const, version }));
  if (reachOfAll(context.holds, place) === 'all') return { ...nothing, held: bodies.length, strange: markers };
  const named = await namedOrFault(key, place, context);
  if (named === 'evidence') return { ...nothing, strange: [...markers, { kind: 'evidence' }] };
  if (named === 'unsealed') return { ...nothing, early: bodies.length, strange: markers };

  const isNamed = ({ version }: ListedVersion) => named.some(({ object }) => object.version === version);
  const unnamed = bodies.filter((one) => !isNamed(one)).map(({ version }) => ({ kind: 'unnamed' as const, version }));
  const there = named.filter(({ object }) => bodies.some(({ version }) => version === object.version));
  const states = await Promise.all(there.map((sealed) => stateOf(sealed, place, context)));
  return {
    key,
    expired: states.filter((state) => typeof state === 'object'),
    held: states.filter((state) => state === 'held').length,
    early: states.filter((state) => state === 'early').length,
    strange: [...markers, ...unnamed],
  };
}

async function namedOrFault(key: string, { chain, first }: SegmentPlace, { sealed }: ExpiryContext) {
  try {
    return await sealed.named(key, chain, first);
  } catch (error) {
    if (error instanceof SealedEvidenceFault || error instanceof BuriedObject) return 'evidence';
    throw error;
  }
}

async function stateOf(
  sealed: SealedVersion,
  place: SegmentPlace,
  { ports, holds, retention }: ExpiryContext,
): Promise<State> {
  const { store, now } = ports;
  const { key, version, bytes: size } = sealed.object;
  // What the digest promised when it listed them binds, whatever the deployment says now.
  const kept = sealed.promises.flatMap(({ sealedAt, retention: promised }) =>
    [promised, retention].map((one) => keptUntil(place.day, sealedAt, one)),
  );
  if (Math.max(...kept) > asOf(now()).getTime()) return 'early';
  const found = await store.find(key, version);
  if (found === undefined) return 'gone';
  if (isLocked(found, now())) return 'early';
  if ((await store.held(key, version)) === true) return 'held';
  if (await isSegmentHeld(holds, place, { key, version, size }, ports)) return 'held';
  return { sealed, place, unlockedAt: found.retainUntil ?? new Date(0), holds };
}

function isLocked({ retainUntil, governed }: StoredVersion, now: Date): boolean {
  return governed || (retainUntil !== undefined && retainUntil > now);
}
