// Chains that grow, and ports for indexing them.
import { zstd } from '../../adapters/zstd.ts';
import type { Block } from '../../core/block/block.ts';
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import { genesisLink, parseChainName } from '../../core/chain.ts';
import type { JsonValue } from '../../core/json/value.ts';
import type { Facet } from '../../names/index.ts';
import type { Wake } from '../../services/index/notices.ts';
import type { IndexPorts, IndexStore, LedgerWalk } from '../../services/index/port.ts';
import type { Order, Period, PostingsReader } from '../../services/search/port.ts';
import { blockAtPlace } from './ledger-stream.ts';

export const FOREVER = () => Number.POSITIVE_INFINITY;
export const HOT_WINDOW_SECONDS = 90 * 86_400;
export const FACETS_HERE: readonly Facet[] = ['actor', 'target', 'severity'];

/** What of an entry the index looks at. */
export interface IndexedSample {
  readonly actor: string;
  readonly targets: readonly string[];
  /** Epoch milliseconds. */
  readonly recordedAt: number;
}

/** A chain that grows block by block. */
export class GrowingChain {
  readonly blocks: Block[] = [];
  readonly samples: IndexedSample[] = [];
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  append(samples: readonly IndexedSample[]): Block {
    const before = this.blocks.at(-1);
    const position = this.samples.length;
    const place = { chain: this.name, position, previousLink: before?.link ?? genesisLink(this.name) };
    const entries = samples.map((sample, i) => bytesOf(this.name, sample, position + i));
    const block = blockAtPlace(place, entries, samples.at(-1)!.recordedAt);
    this.blocks.push(block);
    this.samples.push(...samples);
    return block;
  }
}

function bytesOf(chain: string, { actor, targets, recordedAt }: IndexedSample, serial: number): Uint8Array {
  const time = new Date(recordedAt).toISOString();
  const [target, ...related] = targets.map((id) => ({ type: 'case', id }));
  const entry: JsonValue = {
    ...{ id: `entry-${serial}`, v: 1, tenant: parseChainName(chain).tenant, action: 'case.read', category: 'case' },
    ...{ outcome: 'success', severity: 'info', description: 'A case was read', occurredAt: time, recordedAt: time },
    actor: { type: 'user', id: actor },
    ...(target === undefined ? {} : { target }),
    ...(related.length === 0 ? {} : { related }),
    recorder: { type: 'token', id: 'subject' },
  };
  return canonicalBytes(entry);
}

export const indexPorts = (store: IndexStore, ledger: LedgerWalk, now: () => Date): IndexPorts => ({
  ...{ store, ledger, compression: zstd, facets: FACETS_HERE, hotWindowSeconds: HOT_WINDOW_SECONDS, now },
});

export function wakeOf({ chain: name, position, count, recordedAt }: Block): Wake {
  const notice = { ...{ v: 1 as const, ...parseChainName(name), position, count, recordedAt }, link: '' };
  return { id: `${name}/${position}`, notice };
}

/** `chain/position` of every entry that has the value in the period, in the order; how the samples are known to the test. */
export function scan(
  chains: readonly GrowingChain[],
  has: (sample: IndexedSample) => boolean,
  { from, to }: Period,
  order: Order,
): string[] {
  const found = chains.flatMap(({ name, samples }) =>
    samples.flatMap((sample, position) => {
      const inside = has(sample) && sample.recordedAt >= from && sample.recordedAt < to;
      return inside ? [{ time: sample.recordedAt, chain: parseChainName(name).chain, position }] : [];
    }),
  );
  const ascending = found.sort((a, b) => a.time - b.time || a.chain - b.chain || a.position - b.position);
  const places = ascending.map(({ chain, position }) => `${chain}/${position}`);
  return order === 'asc' ? places : places.reverse();
}

/** The same by the index: rows merged by their order alone, each posting once. */
export async function look(
  reader: PostingsReader,
  tenant: string,
  facet: string,
  value: string,
  period: Period,
  order: Order,
): Promise<string[]> {
  const places: { time: number; chain: number; position: number }[] = [];
  for await (const { chain, postings } of reader.postings(tenant, facet, value, period, order)) {
    for (const { block, offset, recordedAt } of postings) {
      places.push({ time: recordedAt, chain, position: block + offset });
    }
  }
  const sign = order === 'asc' ? 1 : -1;
  places.sort((a, b) => sign * (a.time - b.time || a.chain - b.chain || a.position - b.position));
  return [...new Set(places.map(({ chain, position }) => `${chain}/${position}`))];
}
