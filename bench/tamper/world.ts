// A whole deployment in memory.
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { zstd } from '../../adapters/zstd.ts';
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import { genesisLink, leafHash, parseChainName } from '../../core/chain.ts';
import type { HoldEvent } from '../../core/documents/hold.ts';
import type { PreparedEntry } from '../../core/entry/context.ts';
import { NO_EXTRA_REDACTION } from '../../core/redact/policy.ts';
import type { ChainNotIntact } from '../../services/append/errors.ts';
import { Ledger } from '../../services/append/ledger.ts';
import { archive } from '../../services/archive/archive.ts';
import { expire, NOTHING_EXPIRED } from '../../services/expire/expire.ts';
import { newestSealedLog } from '../../services/expire/log.ts';
import { HoldEvents } from '../../services/hold/events.ts';
import { activeHolds } from '../../services/hold/reduce.ts';
import { ownPolicy } from '../../services/log/published.ts';
import type { EvidenceFinding } from '../../services/object-lock/evidence-recorder.ts';
import type { Recording } from '../../services/record/record.ts';
import { type LedgerFault, Sealing, type ShortChain } from '../../services/seal/context.ts';
import { planSeal } from '../../services/seal/plan.ts';
import type { SealPorts, Signer } from '../../services/seal/port.ts';
import { publishSeal } from '../../services/seal/publish.ts';
import { sealShard } from '../../services/seal/shard.ts';
import type { Published, ShardRequest } from '../../services/seal/steps.ts';
import { MemoryLockedStore } from '../../test/fakes/locked-store.ts';
import { FakeClock } from '../../test/support/clock.ts';
import { blockAtPlace } from '../../test/support/ledger-stream.ts';
import { signer } from '../../test/support/signers.ts';
import { ChainTable, LedgerTables } from './tables.ts';

export const ORIGIN = 'log.example/indelible';
const DUE_SECONDS = 26 * 3_600;

/** What is kept for how long; everything else for good. */
const RETENTION: Readonly<Record<string, string>> = { debug: 'P1D', error: 'P1D', data_access: 'P30D' };

export interface Sample {
  readonly category: string;
  readonly count: number;
  /** What somebody may look for in a body. */
  readonly text?: string;
}

/** What went by while the service was at work: alarms of the archive and of sealing. */
export interface Alarms {
  readonly evidence: EvidenceFinding[];
  readonly short: ShortChain[];
  readonly ledger: LedgerFault[];
  /** Chains whose ends writers did not build on. */
  readonly writer: ChainNotIntact[];
}

export type LogSigners = readonly ReturnType<typeof signer>[];

export function newSigners(origin = ORIGIN): LogSigners {
  return [signer(origin, 'ed25519'), signer(origin, 'ml-dsa-44-cosignature')];
}

/** The log's two keys as the services see them. */
function signerOf(signers: LogSigners): Signer {
  return {
    keys: async () => signers.map(({ key }) => key),
    sign: async (text, timestamp) => signers.map((one) => one.sign(text, timestamp)),
  };
}

/** A whole deployment: its tables, its bucket and its clock in memory, the services as they are. */
export class World {
  now: number;
  readonly signers: LogSigners;
  readonly store: MemoryLockedStore;
  readonly chains: ChainTable;
  readonly ledger: LedgerTables;
  readonly alarms: Alarms = { evidence: [], short: [], ledger: [], writer: [] };
  #serial = 0;

  constructor(now: number, signers: LogSigners, from?: World) {
    this.now = now;
    this.signers = signers;
    const clock = () => new Date(this.now);
    this.store = from?.store.copy({ now: clock }) ?? new MemoryLockedStore({ now: clock });
    this.chains = from?.chains.copy() ?? new ChainTable();
    this.ledger = from?.ledger.copy(this.chains, clock) ?? new LedgerTables(this.chains, clock);
    this.#serial = from === undefined ? 0 : from.#serial;
  }

  /** Changes of one are unknown to the other; alarms begin anew. */
  copy(): World {
    return new World(this.now, this.signers, this);
  }

  readonly clock = (): Date => new Date(this.now);

  get ports(): SealPorts & { readonly chains: ChainTable } {
    const events = new HoldEvents(this.store, this.clock);
    return {
      ...{ blocks: this.ledger, chains: this.chains, directory: this.chains, store: this.store },
      ...{ codec: parquetSegments, compression: zstd, now: this.clock, origin: ORIGIN, dueSeconds: DUE_SECONDS },
      retention: (_tenant, category) => RETENTION[category] ?? 'permanent',
      holdsOf: async (tenant) => activeHolds((await events.read(tenant)).holds),
      keys: signerOf(this.signers),
      recording: this.recording,
    };
  }

  get recording(): Recording {
    const clock = Object.assign(new FakeClock(), { now: () => this.now });
    return {
      ledger: new Ledger({
        ...{ store: this.ledger, compression: zstd, clock },
        onDamaged: (error) => this.alarms.writer.push(error),
      }),
      ...{ redaction: NO_EXTRA_REDACTION, now: this.clock },
    };
  }

  /** Appends entries to the tenant's first chain as the service does. */
  async append(tenant: string, samples: readonly Sample[]): Promise<void> {
    await this.recording.ledger.append({ tenant, entries: this.prepare(tenant, samples) });
  }

  /** A block behind the chain's last: what a writer does that has moved to another chain of its tenant. */
  async appendTo(chain: string, samples: readonly Sample[]): Promise<void> {
    const { tenant } = parseChainName(chain);
    const newest = this.ledger.blocks(chain).at(-1);
    const head = newest
      ? { next: newest.position + newest.count, link: newest.link }
      : { next: 0, link: genesisLink(chain) };
    const bodies = this.prepare(tenant, samples).map(({ bytes }) => bytes);
    this.ledger.put(blockAtPlace({ chain, position: head.next, previousLink: head.link }, bodies, this.now));
  }

  /** Entries that are recorded now, unlike all others. */
  prepare(tenant: string, samples: readonly Sample[]): PreparedEntry[] {
    return samples.flatMap(({ category, count, text = 'was read' }) =>
      Array.from({ length: count }, () => preparedEntry(tenant, category, text, this.#serial++, this.clock())),
    );
  }

  /** The archive's delivery of the ledger's stream, as far as the stream has come. */
  async archive(): Promise<void> {
    const { summary, failures } = await archive(this.ledger.takeChanges(), this.ports);
    if (failures.length > 0) throw failures[0]!.error;
    this.alarms.evidence.push(...summary.findings);
  }

  async seal(between: Readonly<Record<'planned' | 'filed', () => Promise<void>>> = NOTHING): Promise<Published> {
    const sealing = new Sealing(this.ports);
    const planned = await planSeal(sealing);
    if ('nothing' in planned) throw new Error('got nothing to seal');
    await between.planned();
    const results = [];
    for (const shard of planned.shards) {
      let request: ShardRequest = {
        step: 'shard',
        seal: planned.seal,
        plan: planned.plan,
        shard,
        shards: planned.shards,
        chains: [],
        cursor: null,
      };
      for (;;) {
        const outcome = await sealShard(sealing, request, () => Number.POSITIVE_INFINITY);
        if (outcome.done) {
          results.push(outcome.result);
          break;
        }
        request = { ...request, cursor: outcome.cursor };
      }
    }
    await between.filed();
    const published = await publishSeal(sealing, signerOf(this.signers), {
      seal: planned.seal,
      plan: planned.plan,
      results,
    });
    this.#note(sealing);
    return published;
  }

  #note({ summary }: Sealing): void {
    this.alarms.evidence.push(...summary.archive.findings);
    this.alarms.short.push(...summary.short);
    this.alarms.ledger.push(...summary.ledger);
  }

  async expire(category: string): Promise<void> {
    const logPorts = {
      store: this.store,
      policy: ownPolicy(
        ORIGIN,
        this.signers.map(({ key }) => key),
      ),
    };
    const { store, codec, now, retention } = this.ports;
    await expire(
      { step: 'expire', run: 'run', category, done: false, expired: NOTHING_EXPIRED },
      {
        ...{ store: this.store, codec, now, retention, recording: this.recording, budgetMs: 60_000 },
        holds: new HoldEvents(store, now),
        newestSeal: () => newestSealedLog(logPorts),
        onFinding: () => undefined,
      },
    );
  }

  /** A legal hold, also on what exists. */
  async hold(tenant: string, event: Pick<HoldEvent, 'event' | 'id' | 'scope'>): Promise<void> {
    const events = new HoldEvents(this.store, this.clock);
    const at = this.clock().toISOString();
    const by = { by: 'counsel', role: 'compliance', reason: 'suit' } as const;
    await events.append(tenant, ({ holds }) =>
      holds.some(({ id, released }) => id === event.id && (event.event === 'applied' || released !== undefined))
        ? undefined
        : { ...{ v: 1, kind: 'hold', tenant, at }, ...by, ...event },
    );
  }

  /** TTL: the blocks that the hot window has left behind. */
  expireBlocks(): void {
    for (const chain of this.ledger.chainNames) {
      for (const { position, recordedAt } of this.ledger.blocks(chain)) {
        if (recordedAt < this.ledger.hotSince) this.ledger.expire(chain, position);
      }
    }
  }
}

const NOTHING = { planned: async () => undefined, filed: async () => undefined };

function preparedEntry(tenant: string, category: string, text: string, serial: number, now: Date): PreparedEntry {
  const recordedAt = now.toISOString();
  const id = `entry-${serial}`;
  const bytes = canonicalBytes({
    ...{ id, v: 1, tenant, action: 'document.read', category, outcome: 'success', severity: 'info' },
    ...{ description: `Document ${serial} ${text}`, occurredAt: recordedAt, recordedAt },
    actor: { type: 'user', id: `user-${serial % 7}`, name: 'Zoë' },
    metadata: { amount: serial / 4, note: 'é' },
    recorder: { type: 'token', id: 'subject' },
  });
  return { id, category, recordedAt, bytes, leafHash: leafHash(bytes) };
}
