// One run of a step of a seal, and the summary of what it did.
import { PERMANENT } from '../../core/catalog/retention.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { ArchiveSummary } from '../archive/context.ts';
import { type LogPorts, ownPolicy } from '../log/published.ts';
import type { OnForeign } from '../log/versions.ts';
import { EvidenceRecorder } from '../object-lock/evidence-recorder.ts';
import { dayOf, lockUntil } from '../object-lock/lock-dates.ts';
import type { LockedObject } from '../object-lock/port.ts';
import { putLocked } from '../object-lock/put-locked.ts';
import type { PublishPorts, SealPorts } from './port.ts';
import { SegmentIndex } from './segment-index.ts';

/** A chain of which less could be sealed than there should be. */
export interface ShortChain {
  readonly chain: string;
  readonly sealed: number;
  readonly planned: number;
  /** 'gap': neither ledger nor archive has the next position. Else why what they have was not taken. */
  readonly reason: string;
  /** What speaks against each other at position `sealed` or behind it; absent where one of them says nothing. */
  readonly versions?: Versions;
  /** Key of the first segment that nothing but itself vouches for. */
  readonly object?: string;
}

/** Two versions of history. */
export interface Versions {
  /** Of what the chain has there, hexadecimal. */
  readonly leafHash?: string;
  /** What the archive has besides. */
  readonly others: readonly {
    readonly position: number;
    readonly leafHash: string;
    readonly key: string;
    readonly version: string;
  }[];
}

/** Nothing is there; with every other reason something is, and is not believed. */
export const GAP = 'gap';

/** The ledger held something that is no part of the chain, where the archive held what is. */
export interface LedgerFault {
  readonly chain: string;
  readonly position: number;
  readonly reason: string;
}

/** What one run did. */
class SealSummary {
  /** Positions that are sealed now and were not before. */
  entries = 0;
  readonly short: ShortChain[] = [];
  readonly ledger: LedgerFault[] = [];
  /** Disputes of which no entry could be recorded, by chain, and why; the next seal records them again. */
  readonly unrecorded: { readonly chain: string; readonly error: unknown }[] = [];
  /** Segments that were written because the archive lacked them, and everything that was kept as evidence. */
  readonly archive = new ArchiveSummary();

  get findings(): number {
    return this.short.length + this.ledger.length + this.archive.findings.length;
  }
}

export const CONTENT = {
  document: 'application/json',
  tile: 'application/octet-stream',
  note: 'text/plain; charset=utf-8',
} as const;

/** One run of a step of a seal: its ports, and what it found on the way. */
export class Sealing<Ports extends PublishPorts = SealPorts> {
  readonly ports: Ports;
  readonly summary = new SealSummary();
  readonly recorder: EvidenceRecorder;
  readonly onForeign: OnForeign;
  #index: SegmentIndex | undefined;

  constructor(ports: Ports) {
    this.ports = ports;
    this.recorder = new EvidenceRecorder(ports.store, this.summary.archive.findings, ports.now);
    this.onForeign = (key, found) => this.recorder.foreign(key, found);
  }

  async log(): Promise<LogPorts> {
    const { store, origin, keys } = this.ports;
    return { store, policy: ownPolicy(origin, await keys.keys()), onForeign: this.onForeign };
  }

  /** What the archive has of a tenant since a day. Chains of one tenant are sealed one after the other, and share it. */
  index(tenant: string, since: string | undefined): SegmentIndex {
    if (this.#index?.tenant !== tenant || this.#index.since !== since) {
      this.#index = new SegmentIndex(tenant, since, this.ports.store);
    }
    return this.#index;
  }

  /** For good: everything of a seal is locked for as long as locks go, counted from the seal's day. */
  locked(bytes: Uint8Array, contentType: string, sealedAt: string): LockedObject {
    const retainUntil = lockUntil(dayOf(new Date(sealedAt)), PERMANENT, this.ports.now());
    return { bytes, contentType, metadata: {}, retainUntil };
  }

  keep(key: string, bytes: Uint8Array, contentType: string, sealedAt: string): Promise<ObjectRef> {
    return putLocked(this.ports.store, key, this.locked(bytes, contentType, sealedAt), this.onForeign);
  }

  /** As keep, of what has another version every now and then: what was there is no evidence of anything. */
  put(key: string, bytes: Uint8Array, contentType: string, sealedAt: string): Promise<ObjectRef> {
    return putLocked(this.ports.store, key, this.locked(bytes, contentType, sealedAt), async () => undefined);
  }
}
