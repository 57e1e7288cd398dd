// A whole deployment in memory, whose clock the test turns.
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { zstd } from '../../adapters/zstd.ts';
import type { Block } from '../../core/block/block.ts';
import { genesisLink, parseChainName } from '../../core/chain.ts';
import { DIGEST, type Digest } from '../../core/documents/digest.ts';
import type { PreparedEntry } from '../../core/entry/context.ts';
import { NO_EXTRA_REDACTION } from '../../core/redact/policy.ts';
import { digestKey } from '../../names/log.ts';
import type { AppendRequest, Receipt } from '../../services/append/request.ts';
import { archive } from '../../services/archive/archive.ts';
import type { ArchiveLimits } from '../../services/archive/context.ts';
import { type LogPorts, ownPolicy } from '../../services/log/published.ts';
import { sealChains } from '../../services/seal/chain-shard.ts';
import { Sealing } from '../../services/seal/context.ts';
import { planSeal } from '../../services/seal/plan.ts';
import type { SealPorts } from '../../services/seal/port.ts';
import { publishSeal } from '../../services/seal/publish.ts';
import { sealShard } from '../../services/seal/shard.ts';
import type { Planned, Published, Sharded } from '../../services/seal/steps.ts';
import { MemoryBlocks } from '../fakes/blocks.ts';
import { MemoryChains } from '../fakes/chains.ts';
import { MemoryLockedStore, type MemoryOptions } from '../fakes/locked-store.ts';
import { blockAtPlace, insertOf, type SampleEntry, sampleBytes } from './ledger-stream.ts';
import { LogSigner, ORIGIN } from './log-signer.ts';

export const DAY_MS = 86_400_000;
/** The evening of the first of March. */
const EVENING = Date.parse('2026-03-01T22:00:00.000Z');
const DUE_SECONDS = 90_000;

const FOREVER = () => Number.POSITIVE_INFINITY;

type PlannedSeal = Exclude<Planned, { nothing: true }>;
type Reference = PlannedSeal['plan'];

async function untilDone(step: (cursor: Reference | null) => Promise<Sharded>) {
  for (let cursor: Reference | null = null; ; ) {
    const sharded = await step(cursor);
    if (sharded.done) return sharded;
    cursor = sharded.cursor;
  }
}

export interface DeploymentOptions extends Pick<MemoryOptions, 'delay'> {
  readonly limits?: Partial<ArchiveLimits>;
  /** Of the archive alone. */
  readonly archiveLimits?: Partial<ArchiveLimits>;
  readonly stepEntries?: number;
  readonly splitEntries?: number;
  readonly store?: MemoryLockedStore;
}

/**
 * A whole deployment in memory, whose clock the test turns: a ledger, the archive that follows it, and the seal.
 *
 *   const deployment = new Deployment();
 *   await deployment.record('acme#0', some('payment', 3));
 *   await deployment.seal();
 */
export class Deployment {
  now = EVENING;
  /** Asked at every write of the store and of the table of chains, while it is set. */
  fault: MemoryOptions['fault'];
  retention: (tenant: string, category: string) => string = (_, category) => (category === 'debug' ? 'P30D' : 'P7Y');
  readonly store: MemoryLockedStore;
  readonly blocks = new MemoryBlocks();
  readonly chains: MemoryChains;
  readonly signer = new LogSigner();
  /** Entries that seals recorded, by request; nothing is appended to any chain. */
  readonly recorded = new Map<string, PreparedEntry>();
  readonly ports: SealPorts;
  /** What the seals found, all together. */
  readonly found: Sealing[] = [];
  /** Every block, by chain, whatever happened to it since. */
  readonly history = new Map<string, Block[]>();
  readonly #archiveLimits: Partial<ArchiveLimits> | undefined;
  #delivered = 0;
  #undelivered: Block[] = [];

  constructor({ limits, archiveLimits, stepEntries, splitEntries, delay, store }: DeploymentOptions = {}) {
    this.#archiveLimits = archiveLimits ?? limits;
    const now = () => new Date(this.now);
    const options = { fault: () => this.fault?.(), ...(delay === undefined ? {} : { delay }) };
    this.store = store ?? new MemoryLockedStore({ now, ...options });
    this.chains = new MemoryChains(options);
    this.ports = {
      ...{ blocks: this.blocks, store: this.store, codec: parquetSegments, compression: zstd, now },
      recording: { ledger: { append: (request) => this.#remember(request) }, redaction: NO_EXTRA_REDACTION, now },
      ...{ directory: this.chains, keys: this.signer, origin: ORIGIN, dueSeconds: DUE_SECONDS },
      retention: (tenant, category) => this.retention(tenant, category),
      holdsOf: async () => [],
      ...(limits === undefined ? {} : { limits }),
      ...(stepEntries === undefined ? {} : { stepEntries }),
      ...(splitEntries === undefined ? {} : { splitEntries }),
    };
  }

  pass(ms: number): void {
    this.now += ms;
  }

  /** Commits blocks to the ledger; the archive is not told yet. */
  append(chain: string, ...blocks: readonly (readonly SampleEntry[])[]): Block[] {
    const { tenant } = parseChainName(chain);
    const history = this.history.get(chain) ?? [];
    this.history.set(chain, history);
    const added = blocks.map((samples) => {
      const before = history.at(-1);
      const position = before === undefined ? 0 : before.position + before.count;
      const entries = samples.map((sample, i) => sampleBytes(tenant, sample, position + i));
      const place = { chain, position, previousLink: before?.link ?? genesisLink(chain) };
      const block = blockAtPlace(place, entries, samples.at(-1)!.recordedAt);
      history.push(block);
      this.blocks.put(block);
      return block;
    });
    this.#undelivered.push(...added);
    return added;
  }

  /** What a restore from an earlier copy leaves of a chain, blocks and row: nothing from `position` on, where a block begins. */
  rollBack(chain: string, position: number): void {
    const history = this.history.get(chain) ?? [];
    for (const block of history) if (block.position >= position) this.blocks.remove(chain, block.position);
    const kept = history.filter((block) => block.position < position);
    this.history.set(chain, kept);
    const { position: newest = 0, count = 0, link = genesisLink(chain) } = kept.at(-1) ?? {};
    this.chains.forge(chain, { through: position, ahead: {}, position: newest, count, link });
  }

  /** The archive takes what it was not told of yet: `count` blocks, or all. */
  async archive(count = Number.POSITIVE_INFINITY): Promise<void> {
    const blocks = this.#undelivered.slice(0, count);
    const changes = blocks.map((block, i) => insertOf(block, this.#delivered + i));
    const { failures } = await archive(changes, {
      ...{ ...this.ports, chains: this.chains },
      ...(this.#archiveLimits && { limits: this.#archiveLimits }),
    });
    if (failures.length > 0) throw failures[0]!.error;
    this.#delivered += blocks.length;
    this.#undelivered = this.#undelivered.slice(blocks.length);
  }

  /** Commits blocks and archives them. */
  async record(chain: string, ...blocks: readonly (readonly SampleEntry[])[]): Promise<Block[]> {
    const added = this.append(chain, ...blocks);
    await this.archive();
    return added;
  }

  /** Entries of now, a millisecond apart. */
  some(category: string, count = 1): SampleEntry[] {
    return Array.from({ length: count }, (_, i) => ({ category, recordedAt: this.now + i }));
  }

  /** One seal from plan to checkpoint, as the state machine runs it; undefined when there is nothing to seal. */
  async seal(timeLeft = FOREVER): Promise<Published | undefined> {
    const planned = await this.plan();
    if ('nothing' in planned) return undefined;
    const chains = [];
    for (const shard of planned.chains) chains.push(await this.sealChains(planned, shard, timeLeft));
    const results = [];
    for (const shard of planned.shards) results.push((await this.shard(planned, shard, timeLeft, chains)).result);
    return this.publish(planned, results);
  }

  plan(): Promise<Planned> {
    return planSeal(this.#sealing());
  }

  async shard(
    planned: PlannedSeal,
    shard: number,
    timeLeft = FOREVER,
    chains: readonly { readonly result: Reference }[] = [],
  ) {
    const { seal, plan, shards } = planned;
    return untilDone((cursor) =>
      sealShard(this.#sealing(), { step: 'shard', seal, plan, shard, shards, chains, cursor }, timeLeft),
    );
  }

  async sealChains({ seal, plan, chains: shards }: PlannedSeal, shard: number, timeLeft = FOREVER) {
    return untilDone((cursor) =>
      sealChains(this.#sealing(), { step: 'chains', seal, plan, shard, shards, cursor }, timeLeft),
    );
  }

  publish({ seal, plan }: PlannedSeal, results: Parameters<typeof publishSeal>[2]['results']): Promise<Published> {
    return publishSeal(this.#sealing(), this.signer, { seal, plan, results });
  }

  /** What reading the published log takes. */
  async log(): Promise<LogPorts> {
    return { store: this.store, policy: ownPolicy(ORIGIN, await this.signer.keys()) };
  }

  /** The current version of the tenant's digest. */
  digest(tenant: string, seal: number): Digest {
    return DIGEST.parse(this.store.object(digestKey(tenant, seal)).bytes);
  }

  /** Evidence documents, by what they are about. */
  evidence(): { kind: string; object?: { key: string; version: string } }[] {
    return this.store.keys('evidence/').map((key) => JSON.parse(Buffer.from(this.store.object(key).bytes).toString()));
  }

  async #remember({ tenant, entries, idempotency }: AppendRequest): Promise<readonly Receipt[]> {
    const request = `${tenant} ${idempotency!.key}`;
    const [entry] = entries;
    if (!this.recorded.has(request)) this.recorded.set(request, entry!);
    const { id, recordedAt } = this.recorded.get(request)!;
    return [{ id, chain: 0, position: 0, leafHash: '', link: '', recordedAt }];
  }

  #sealing(): Sealing {
    const sealing = new Sealing(this.ports);
    this.found.push(sealing);
    return sealing;
  }
}
