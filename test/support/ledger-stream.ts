// Blocks, and changes of the ledger's stream.
import { zstd } from '../../adapters/zstd.ts';
import type { Block } from '../../core/block/block.ts';
import { encodeBlock } from '../../core/block/codec.ts';
import { encodePayload } from '../../core/block/payload.ts';
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import { genesisLink, leafHash, parseChainName } from '../../core/chain.ts';
import type { JsonObject, JsonValue } from '../../core/json/value.ts';
import type { LedgerChange } from '../../services/stream/change.ts';

export interface SampleEntry {
  readonly category: string;
  /** Epoch milliseconds. */
  readonly recordedAt: number;
  /** In place of what an entry of the sample has. */
  readonly members?: JsonObject;
}

/** An entry of the right shape, different for each `serial`. */
export function sampleBytes(
  tenant: string,
  { category, recordedAt, members = {} }: SampleEntry,
  serial: number,
): Uint8Array {
  const time = new Date(recordedAt).toISOString();
  const entry: JsonValue = {
    ...{ id: `entry-${serial}`, v: 1, tenant, action: 'invoice.paid', category, outcome: 'success', severity: 'info' },
    ...{ description: `Invoice ${serial} was paid — ✓`, occurredAt: time, recordedAt: time },
    actor: { type: 'user', id: `user-${serial % 3}`, name: 'Zoë' },
    context: { channel: 'api', requestId: `request-${serial}`, responseTimeMs: serial + 0.5 },
    recorder: { type: 'token', id: 'subject' },
    ...members,
  };
  return canonicalBytes(entry);
}

/** Blocks of one chain, each continuing the one before. */
export function chainOf(chain: string, blocks: readonly (readonly SampleEntry[])[]): Block[] {
  const { tenant } = parseChainName(chain);
  const made: Block[] = [];
  for (const samples of blocks) {
    const before = made.at(-1);
    const position = before === undefined ? 0 : before.position + before.count;
    const place = { chain, position, previousLink: before?.link ?? genesisLink(chain) };
    const entries = samples.map((sample, i) => sampleBytes(tenant, sample, position + i));
    made.push(blockAtPlace(place, entries, samples.at(-1)!.recordedAt));
  }
  return made;
}

export function blockAtPlace(
  place: { chain: string; position: number; previousLink: Uint8Array },
  entries: readonly Uint8Array[],
  recordedAt: number,
): Block {
  const contents = { payload: encodePayload(entries, zstd), leafHashes: entries.map(leafHash), requests: [] };
  return encodeBlock(place, contents, recordedAt).block;
}

/** A block's change as the stream tells it; `serial` orders the stream. */
export function insertOf(block: Block, serial: number): LedgerChange {
  return changeOf('insert', block, serial, block);
}

export function changeOf(
  kind: LedgerChange['kind'],
  { chain, position, recordedAt }: Pick<Block, 'chain' | 'position' | 'recordedAt'>,
  serial: number,
  block?: Block,
): LedgerChange {
  return {
    ...{ kind, chain, block },
    sequenceNumber: String(serial).padStart(21, '0'),
    eventId: `event-${serial}`,
    at: new Date(recordedAt),
    record: { eventID: `event-${serial}`, eventName: kind, position, image: block?.payload.length ?? 0 },
  };
}
