// What tombstones excuse: bodies that are gone by policy.
import { DAY_MS } from '../../names/time.ts';
import { keptUntil } from '../catalog/retention.ts';
import type { Digest } from '../documents/digest.ts';
import type { HoldEvent } from '../documents/hold.ts';
import type { SealedSegment } from '../documents/segments.ts';
import type { Tombstone } from '../documents/tombstone.ts';
import { objectName, type Sealed } from './documents.ts';
import { finding, type OnFinding } from './finding.ts';

interface Burial {
  readonly tombstone: Pick<Tombstone, 'number' | 'at' | 'retention' | 'category'>;
  readonly sha256: string;
  /** It says that it was written later than it can have been, which was found where it was listed. */
  readonly isAhead: boolean;
  readonly sealed: boolean;
}

/** What makes the absence of a body lawful: a tombstone that a digest sealed, or one that nothing signed names yet. */
export type Excuse = 'sealed' | 'unsealed';

/** What the digest that lists a segment promises of it. */
export type Promised = Pick<Digest, 'retention' | 'sealedAt'>;

/** Every tombstone of a tenant, by the segment version that it names, and the holds that were in force. */
export class Tombstones {
  readonly #burials = new Map<string, Burial>();
  readonly #holds: HoldEvent[] = [];

  /**
   * In the order of their numbers, sealed ones first: of those that name a version, the first counts. `until`: it can't have
   * been written later; undefined for one that was held against that before.
   */
  add({ number, at, retention, category, segments }: Tombstone, until: string | undefined, sealed = true): void {
    const isAhead = until !== undefined && at > until;
    const tombstone = { number, at, retention, category };
    for (const { object } of segments) {
      const name = objectName(object);
      // The first counts: what is gone can't be removed again, and a later one must not excuse an early removal.
      if (this.#burials.has(name)) continue;
      this.#burials.set(name, { tombstone, sha256: object.sha256, isAhead, sealed });
    }
  }

  addHold(event: HoldEvent): void {
    this.#holds.push(event);
  }

  get size(): number {
    return this.#burials.size;
  }

  /** Whether the absence of the segment's bodies is by policy. */
  excuses(segment: SealedSegment, promised: Promised): boolean {
    return this.excuseOf(segment, promised) !== undefined;
  }

  /** What makes the absence of the segment's bodies lawful; undefined when nothing does. */
  excuseOf(segment: SealedSegment, promised: Promised): Excuse | undefined {
    const burial = this.#burials.get(objectName(segment.object));
    if (burial === undefined || burial.isAhead || this.#fault(segment, burial, promised) !== undefined)
      return undefined;
    return burial.sealed ? 'sealed' : 'unsealed';
  }

  /** Reports a tombstone of the segment that policy does not allow. */
  check(segment: SealedSegment, promised: Promised, sealed: Sealed, report: OnFinding): void {
    const burial = this.#burials.get(objectName(segment.object));
    const fault = burial && this.#fault(segment, burial, promised);
    if (fault === undefined) return;
    const { code, expected, found } = fault;
    const { first, last, object } = segment;
    report(finding(code, { ...sealed, first, last, object: objectName(object), expected, found }));
  }

  #fault(segment: SealedSegment, { tombstone, sha256 }: Burial, { retention, sealedAt }: Promised) {
    const { category, day, object } = segment;
    const found = `tombstone ${tombstone.number} of ${tombstone.at}`;
    if (sha256 !== object.sha256 || tombstone.category !== category) {
      return { code: 'tombstone-foreign', expected: `${category} ${object.sha256}`, found } as const;
    }
    const kept = [retention[category], tombstone.retention].map((keep) => keptUntil(day, sealedAt, keep));
    const until = Math.max(...kept);
    if (!(Date.parse(tombstone.at) >= until)) {
      const expected = Number.isFinite(until) ? `kept until ${new Date(until).toISOString()}` : 'kept for ever';
      return { code: 'early-expiry', expected, found } as const;
    }
    const hold = this.#holdOver(segment, tombstone.at);
    return hold === undefined
      ? undefined
      : ({ code: 'held-expiry', expected: `kept under hold ${hold}`, found } as const);
  }

  /** A hold that certainly covers the segment whole; one that depends on entries can't be checked once they are gone. */
  #holdOver({ category, day }: SealedSegment, at: string): string | undefined {
    const begin = `${day}T00:00:00.000Z`;
    const end = Date.parse(begin) + DAY_MS;
    const covers = ({ subject, target, category: only, from, to }: HoldEvent['scope']) =>
      subject === undefined &&
      target === undefined &&
      (only ?? category) === category &&
      (from ?? begin) <= begin &&
      (to === undefined || Date.parse(to) >= end);
    const inForce = new Set<string>();
    for (const event of this.#holds.filter((one) => one.at <= at)) {
      if (event.event === 'released') inForce.delete(event.id);
      else if (event.event === 'applied' && covers(event.scope)) inForce.add(event.id);
    }
    return [...inForce][0];
  }
}
