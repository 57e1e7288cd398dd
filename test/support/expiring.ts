// An archive with seals, and expiry over it.
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { zstd } from '../../adapters/zstd.ts';
import type { Block } from '../../core/block/block.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { genesisLink, leafHash, parseChainName } from '../../core/chain.ts';
import { sha256, toHex } from '../../core/crypto.ts';
import type { DocumentCodec } from '../../core/documents/codec.ts';
import { CONTENTS } from '../../core/documents/contents.ts';
import { DIGEST, type Digest } from '../../core/documents/digest.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import type { HoldScope } from '../../core/documents/hold.ts';
import { formatPositions, runsOf } from '../../core/documents/positions.ts';
import { SEGMENT_LIST, type SealedSegment } from '../../core/documents/segments.ts';
import { TOMBSTONE, type Tombstone } from '../../core/documents/tombstone.ts';
import { parseJson } from '../../core/json/parse.ts';
import { NO_EXTRA_REDACTION } from '../../core/redact/policy.ts';
import { segmentPlace } from '../../names/archive.ts';
import { contentsKey, digestKey, listKey, tombstoneKey } from '../../names/log.ts';
import { Ledger } from '../../services/append/ledger.ts';
import { archive } from '../../services/archive/archive.ts';
import type { ArchivePorts } from '../../services/archive/context.ts';
import { expire, NOTHING_EXPIRED } from '../../services/expire/expire.ts';
import type { ExpirePorts, ExpiryFinding, SealedLog } from '../../services/expire/port.ts';
import type { ExpireTask } from '../../services/expire/steps.ts';
import { HoldEvents } from '../../services/hold/events.ts';
import { MemoryBlocks } from '../fakes/blocks.ts';
import { MemoryChains } from '../fakes/chains.ts';
import { type Fault, MemoryLockedStore } from '../fakes/locked-store.ts';
import { MemoryBlockStore } from '../fakes/memory-block-store.ts';
import { FakeClock } from './clock.ts';
import { blockAtPlace, insertOf, type SampleEntry, sampleBytes } from './ledger-stream.ts';

const DAY_MS = 86_400_000;
/** The evening of the first of March: what is archived is minutes old. */
const EVENING = Date.parse('2026-03-01T22:00:00.000Z');
/** Of documents and their locks; what it is plays no part here. */
const KEPT_MS = 3_650 * DAY_MS;

interface Sealed {
  readonly leaf: Uint8Array;
  readonly digest: Digest;
}

/** An archive whose clock the test turns, seals made by the book, and expiry over them. */
export class Expiring {
  now = EVENING;
  /** Asked at every write of the store and of the ledger while it is set. */
  fault: (() => Fault) | undefined;
  /** Run before each removal. */
  beforeRemoval: (() => Promise<void>) | undefined;
  retention: Record<string, string> = { debug: 'PT2S', error: 'P7D' };
  readonly findings: ExpiryFinding[] = [];
  readonly requests = new Map<string, number>();
  readonly store: MemoryLockedStore;
  readonly trail: MemoryBlockStore;
  readonly holds: HoldEvents;
  readonly ports: ExpirePorts;
  readonly #archive: ArchivePorts;
  readonly #sealed: Sealed[] = [];
  #serial = 0;

  constructor(options: Partial<Pick<ExpirePorts, 'budgetMs' | 'tombstoneSegments'>> = {}) {
    const now = () => new Date(this.now);
    const store = new MemoryLockedStore({ now, fault: () => this.fault?.() });
    this.store = store;
    this.trail = new MemoryBlockStore({ now: () => this.now });
    this.holds = new HoldEvents(store, now);
    const retention = (_tenant: string, category: string) => this.retention[category] ?? 'permanent';
    this.#archive = {
      ...{ blocks: new MemoryBlocks(), chains: new MemoryChains(), store, codec: parquetSegments, compression: zstd },
      ...{ retention, holdsOf: async () => [], now },
    };
    const clock = Object.assign(new FakeClock(), { now: () => this.now });
    const ledger = new Ledger({ store: this.trail, compression: zstd, clock });
    this.ports = {
      ...{ store: this.#counted(), codec: parquetSegments, holds: this.holds, retention, now },
      recording: {
        ledger: { append: (request) => this.#faulty(() => ledger.append(request)) },
        ...{ redaction: NO_EXTRA_REDACTION, now },
      },
      newestSeal: async () => this.#log(),
      onFinding: (finding) => this.findings.push(finding),
      budgetMs: 60_000,
      ...options,
    };
  }

  /** Records entries in acme's chain, as one segment a category and day for each call. */
  async record(samples: readonly SampleEntry[], chain = 'acme#0'): Promise<void> {
    const before = this.#heads.get(chain);
    const position = before === undefined ? 0 : before.position + before.count;
    const entries = samples.map((sample, i) => sampleBytes(parseChainName(chain).tenant, sample, position + i));
    const place = { chain, position, previousLink: before?.link ?? genesisLink(chain) };
    const block = blockAtPlace(place, entries, samples.at(-1)!.recordedAt);
    this.#heads.set(chain, block);
    const { failures } = await archive([insertOf(block, this.#serial++)], this.#archive);
    if (failures.length > 0) throw failures[0]!.error;
  }
  readonly #heads = new Map<string, Block>();

  /**
   * Puts a digest of acme, and of nobody else, over what the archive has of its chains, the current versions, or over the
   * positions below `end`.
   */
  async seal(end = Number.POSITIVE_INFINITY): Promise<Digest> {
    const before = this.#sealed.at(-1)?.digest;
    const seal = this.#sealed.length;
    const segments = await this.#segments();
    const lists: ObjectRef[] = [];
    const chains: Digest['chains'] = [];
    for (const chain of [...new Set(segments.map((one) => one.chain))].sort((a, b) => a - b)) {
      const from = before?.chains.find((head) => head.chain === chain)?.size ?? 0;
      const ofChain = segments.filter((one) => one.chain === chain);
      const through = Math.min(end, Math.max(from, ...ofChain.map(({ rows }) => rows.at(-1)! + 1)));
      chains.push({ chain, size: through, root: '00'.repeat(32), link: '00'.repeat(32) });
      if (through === from) continue;
      const listed = ofChain.flatMap((one) => listedIn(one, from, through));
      const list = { v: 1, kind: 'segments', tenant: 'acme', chain, seal, from, through, segments: listed } as const;
      lists.push(await this.#put(listKey('acme', seal, chain, from), SEGMENT_LIST, list));
    }
    const contents =
      lists.length === 0
        ? undefined
        : await this.#put(contentsKey('acme', seal), CONTENTS, {
            ...{ v: 1, kind: 'contents', tenant: 'acme', seal, segments: lists, tombstones: [], holds: [] },
            ...{ nextTombstone: 0, nextHold: 0 },
          });
    const digest: Digest = {
      ...{ v: 1, kind: 'digest', log: 'log.example', tenant: 'acme', number: seal, seal, index: seal, chains },
      ...{
        sealedAt: this.#time(),
        nextBy: this.#time(DAY_MS),
        plan: '11'.repeat(32),
        retention: { ...this.retention },
      },
      ...(before === undefined ? {} : { previous: toHex(this.#sealed.at(-1)!.leaf) }),
      ...(contents === undefined ? {} : { contents }),
    };
    await this.#put(digestKey('acme', seal), DIGEST, digest);
    this.#sealed.push({ digest, leaf: leafHash(DIGEST.format(digest)) });
    return digest;
  }

  /** Runs the category to its end, with as many calls as its budget takes. */
  async expire(category = 'debug'): Promise<ExpireTask> {
    let task: ExpireTask = { step: 'expire', run: 'run', category, done: false, expired: NOTHING_EXPIRED };
    for (let calls = 0; !task.done; calls++) {
      if (calls > 100) throw new Error('expiry does not come to an end');
      task = await expire(task, this.ports);
    }
    return task;
  }

  async hold(id: string, scope: HoldScope): Promise<void> {
    await this.holds.append('acme', ({ holds }) =>
      holds.some((hold) => hold.id === id)
        ? undefined
        : {
            ...{
              v: 1,
              kind: 'hold',
              tenant: 'acme',
              event: 'applied',
              id,
              at: this.#time(),
              by: 'c-1',
              role: 'compliance',
            },
            reason: 'suit',
            scope,
          },
    );
  }

  async release(id: string): Promise<void> {
    await this.holds.append('acme', ({ holds }) => {
      const { scope, released } = holds.find((hold) => hold.id === id)!;
      if (released !== undefined) return undefined;
      return {
        ...{
          v: 1,
          kind: 'hold',
          tenant: 'acme',
          event: 'released',
          id,
          at: this.#time(),
          by: 'c-1',
          role: 'compliance',
        },
        reason: 'over',
        scope,
      };
    });
  }

  /** Keys that still have a body, below the category. */
  bodies(category = 'debug'): string[] {
    return this.store.keys(`entries/tenant=acme/category=${category}/`).map((key) => key.split('/').slice(3).join('/'));
  }

  tombstones(): Tombstone[] {
    const slots = this.store.keys('tombstones/tenant=acme/');
    return slots.map((_key, slot) => TOMBSTONE.parse(this.store.object(tombstoneKey('acme', slot)).bytes));
  }

  /** What the trail was told. */
  // biome-ignore lint/suspicious/noExplicitAny: entries as they are stored; the tests look at them
  entries(): any[] {
    const entries = this.trail.blocks('acme#0').flatMap((block) => decodeBlock(block, zstd).entries);
    return entries.map((bytes) => parseJson(bytes));
  }

  pass(ms: number): void {
    this.now += ms;
  }

  #time(after = 0): string {
    return new Date(this.now + after).toISOString();
  }

  async #log(): Promise<SealedLog | undefined> {
    if (this.#sealed.length === 0) return undefined;
    return {
      seal: this.#sealed.length - 1,
      tenants: ['acme'],
      leafHash: async (index) => this.#sealed[index]?.leaf,
    };
  }

  async #put<T>(key: string, codec: DocumentCodec<T>, document: T): Promise<ObjectRef> {
    const bytes = codec.format(document);
    const retainUntil = new Date(this.now + KEPT_MS);
    const version = await this.store.create(key, { bytes, contentType: 'application/json', metadata: {}, retainUntil });
    return { key, version: version!, sha256: toHex(sha256(bytes)), bytes: bytes.length };
  }

  async #segments() {
    const found: FoundSegment[] = [];
    for (const key of this.store.keys('entries/tenant=acme/')) {
      const place = segmentPlace(key);
      if (place === undefined) continue;
      const { bytes, version } = this.store.object(key);
      const rows = (await parquetSegments.decode(bytes)).map(({ position }) => position);
      found.push({ ...place, rows, object: { key, version, sha256: toHex(sha256(bytes)), bytes: bytes.length } });
    }
    return found;
  }

  async #faulty<T>(write: () => Promise<T>): Promise<T> {
    const fault = this.fault?.();
    if (fault === 'lost') throw new Error('nothing was appended');
    const result = await write();
    if (fault === 'persisted') throw new Error('the answer is lost');
    return result;
  }

  /** The store as expiry uses it: every call is counted, and a removal waits for what the test does first. */
  #counted(): MemoryLockedStore {
    return new Proxy(this.store, {
      get: (store, name) => {
        const member = Reflect.get(store, name, store);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) => {
          this.requests.set(String(name), (this.requests.get(String(name)) ?? 0) + 1);
          const call = () => member.apply(store, given);
          return name === 'remove' && this.beforeRemoval !== undefined ? this.beforeRemoval().then(call) : call();
        };
      },
    });
  }
}

interface FoundSegment {
  readonly category: string;
  readonly day: string;
  readonly chain: number;
  readonly first: number;
  readonly rows: readonly number[];
  readonly object: ObjectRef;
}

function listedIn({ object, category, day, rows }: FoundSegment, from: number, through: number): SealedSegment[] {
  const within = rows.filter((position) => position >= from && position < through);
  if (within.length === 0) return [];
  return [
    {
      ...{ object, category, day, positions: formatPositions(runsOf(within)) },
      ...{ first: rows[0]!, last: rows.at(-1)! },
    },
  ];
}
