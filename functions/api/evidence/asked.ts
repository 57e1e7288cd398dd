// What every route of evidence is given: the request, its reader, and the newest seal.
import type { Reader } from '../../../core/access/reader.ts';
import type { Compression } from '../../../core/block/block.ts';
import type { BlockReader } from '../../../services/append/port.ts';
import type { LogPorts, PublishedSeal } from '../../../services/log/published.ts';
import type { TenantDigests } from '../../../services/prove/digests.ts';
import type { KnownLists } from '../../../services/prove/lists.ts';
import type { ServedLog } from '../../../services/prove/log.ts';
import type { SegmentBodies } from '../../../services/prove/segments.ts';
import type { HttpEvent } from '../shared/http.ts';
import type { ReadingPorts } from '../shared/reading.ts';

export interface EvidencePorts extends ReadingPorts {
  readonly log: ServedLog;
  readonly segments: SegmentBodies;
  /** Tells a position that is not sealed yet from one that was never recorded, and what is recorded at one. */
  readonly blocks: BlockReader;
  readonly compression: Compression;
  readonly now: () => Date;
}

/** One request, its caller and role checked. Everything that it reads is of the caller's tenant. */
export interface Asked {
  readonly event: HttpEvent;
  readonly tenant: string;
  readonly reader: Reader;
  readonly ports: EvidencePorts & LogPorts;
  /** The newest seal; undefined before the first. */
  readonly newest: PublishedSeal | undefined;
  /** Segment lists that earlier requests read. */
  readonly lists: KnownLists;
  /** The tenant's digests up to a published seal. */
  digestsOf(published: PublishedSeal): TenantDigests;
}
