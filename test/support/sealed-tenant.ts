// One tenant of a sealed deployment, open to whoever tampers.
import { genesisLink, leafHash, nextLink } from '../../core/chain.ts';
import { formatCheckpoint } from '../../core/checkpoint/body.ts';
import { sha256, toHex } from '../../core/crypto.ts';
import { CONTENTS, type Contents } from '../../core/documents/contents.ts';
import { DIGEST, type Digest } from '../../core/documents/digest.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { HOLD, type HoldEvent } from '../../core/documents/hold.ts';
import { formatPositions, runsOf } from '../../core/documents/positions.ts';
import { SEGMENT_LIST, type SealedSegment, type SegmentList } from '../../core/documents/segments.ts';
import { TOMBSTONE, type Tombstone } from '../../core/documents/tombstone.ts';
import { proveConsistency, proveInclusion } from '../../core/merkle/prove.ts';
import type { VerifierKey } from '../../core/note/key.ts';
import { formatNote } from '../../core/note/note.ts';
import { TileBuilder } from '../../core/tiles/builder.ts';
import { TileNodes } from '../../core/tiles/nodes.ts';
import type { Evidence, LogHead, SealedDigest, SealHead } from '../../core/verify/evidence.ts';
import { segmentKey } from '../../names/archive.ts';
import { contentsKey, holdKey, listKey, tombstoneKey } from '../../names/log.ts';
import { batches, positionsOf, smallEntry, writeTiles } from './sealed-parts.ts';
import { type Signer, signer } from './signers.ts';

export const ORIGIN = 'log.example/indelible';
const DAY_MS = 86_400_000;
const FIRST_SEAL = Date.parse('2026-03-02T00:10:00.000Z');

/** Positions that one segment list says. */
const LIST_POSITIONS = 1_000;

interface Chain {
  readonly bodies: (Uint8Array | undefined)[];
  readonly files: Map<string, Uint8Array>;
  builder: TileBuilder;
  link: Uint8Array;
  sealed: number;
  readonly open: { category: string; day: string }[];
}

const noTiles = (): TileBuilder => TileBuilder.empty();

/** One tenant of a deployment that seals once a day, in memory and open to whoever wants to tamper with it. */
export class SealedTenant {
  readonly tenant: string;
  readonly signers: readonly Signer[];
  readonly chains = new Map<number, Chain>();
  readonly documents = new Map<string, Uint8Array>();
  readonly digests: { bytes: Uint8Array; index: number }[] = [];
  readonly seals: { seal: number; size: number; root: Uint8Array }[] = [];
  readonly #log = { builder: TileBuilder.empty(), files: new Map<string, Uint8Array>() };
  #previous: string | undefined;
  #segments = new Map<string, { segment: SealedSegment; chain: number }>();
  #next = { tombstone: 0, hold: 0 };
  #tombstones: ObjectRef[] = [];
  #holds: ObjectRef[] = [];
  readonly #passed: { seal: number; days: number }[] = [];
  /** From a seal to when the next one has to be there. */
  dueDays = 1;
  retention: Record<string, string> = { data_access: 'P30D', security: 'permanent' };
  checkpoint: Uint8Array = new Uint8Array();
  /** What a seal that does wrong writes instead of the list that it should. */
  changeList: (list: SegmentList) => SegmentList = (list) => list;

  constructor(tenant = 'acme', signers = [signer(ORIGIN, 'ed25519'), signer(ORIGIN, 'ml-dsa-44-cosignature')]) {
    this.tenant = tenant;
    this.signers = signers;
  }

  get keys(): readonly VerifierKey[] {
    return this.signers.map(({ key }) => key);
  }

  get #seal(): number {
    return this.seals.length;
  }

  sealedAt(seal: number): string {
    const passed = this.#passed.filter((one) => one.seal <= seal).reduce((sum, { days }) => sum + days, 0);
    return new Date(FIRST_SEAL + (seal + passed) * DAY_MS).toISOString();
  }

  /** So many days go by before the coming seal, beyond the one that always does. Earlier digests have to allow for it. */
  pass(days: number): void {
    this.#passed.push({ seal: this.#seal, days });
  }

  chain(number: number): Chain {
    const there = this.chains.get(number);
    if (there !== undefined) return there;
    const link = genesisLink(`${this.tenant}#${number}`);
    const made: Chain = { bodies: [], files: new Map(), builder: noTiles(), link, sealed: 0, open: [] };
    this.chains.set(number, made);
    return made;
  }

  /** Entries recorded on the day before the coming seal. */
  append(number: number, count: number, category = 'data_access', fill = ''): void {
    const recordedAt = `${this.sealedAt(this.#seal - 1).slice(0, 10)}T12:00:00.000Z`;
    for (let i = 0; i < count; i++) {
      const id = `${number}-${this.chain(number).bodies.length}`;
      this.appendBytes(number, smallEntry(this.tenant, { id, category, recordedAt, fill }), category);
    }
  }

  /** Whatever bytes are taken for an entry, archived as one of that category recorded on the day before the coming seal. */
  appendBytes(number: number, bytes: Uint8Array, category = 'data_access'): void {
    const chain = this.chain(number);
    chain.bodies.push(bytes);
    chain.open.push({ category, day: this.sealedAt(this.#seal - 1).slice(0, 10) });
    chain.builder.append(leafHash(bytes));
    chain.link = nextLink(chain.link, leafHash(bytes));
  }

  /** Entries that only their makers know: a million of them would not fit beside each other. */
  appendHashed(number: number, count: number, hashAt: (position: number) => Uint8Array): void {
    const chain = this.chain(number);
    for (let i = 0; i < count; i++) {
      const hash = hashAt(chain.bodies.length);
      chain.bodies.push(undefined);
      chain.open.push({ category: 'data_access', day: this.sealedAt(this.#seal - 1).slice(0, 10) });
      chain.builder.append(hash);
      chain.link = nextLink(chain.link, hash);
    }
  }

  /** A tombstone for every segment of the category whose day is the given one. */
  expire(category: string, day: string, at: string, remove = true): void {
    const gone = [...this.#segments.values()].filter(
      ({ segment }) => segment.category === category && segment.day === day,
    );
    const number = this.#next.tombstone++;
    const document: Tombstone = {
      ...{ v: 1, kind: 'tombstone', tenant: this.tenant, number, at, category },
      retention: this.retention[category]!,
      segments: gone.map(({ segment: { object, first, last }, chain }) => ({ object, chain, day, first, last })),
    };
    this.#tombstones.push(this.#keep(tombstoneKey(this.tenant, number), TOMBSTONE.format(document)));
    if (!remove) return;
    for (const { segment, chain } of gone) {
      for (const position of positionsOf(segment)) this.chain(chain).bodies[position] = undefined;
    }
  }

  /** Those that no digest names yet. */
  get unsealedTombstones(): readonly ObjectRef[] {
    return this.#tombstones;
  }

  hold(event: Omit<HoldEvent, 'v' | 'kind' | 'tenant' | 'number'>): void {
    const number = this.#next.hold++;
    const bytes = HOLD.format({ v: 1, kind: 'hold', tenant: this.tenant, number, ...event });
    this.#holds.push(this.#keep(holdKey(this.tenant, number), bytes));
  }

  #keep(key: string, bytes: Uint8Array): ObjectRef {
    const hash = toHex(sha256(bytes));
    this.documents.set(hash, bytes);
    return { key, version: `v${this.documents.size}`, sha256: hash, bytes: bytes.length };
  }

  async seal(change: (digest: Digest) => Digest = (digest) => digest): Promise<Digest> {
    const seal = this.#seal;
    const contents = this.#contents();
    const { size: index } = this.#log.builder;
    const chains = [...this.chains].sort(([a], [b]) => a - b);
    const digest = change({
      ...{ v: 1, kind: 'digest', log: ORIGIN, tenant: this.tenant, number: this.digests.length, seal, index },
      ...{ sealedAt: this.sealedAt(seal), nextBy: this.#dueAt(seal), plan: toHex(sha256(Uint8Array.of(seal))) },
      ...(this.#previous === undefined ? {} : { previous: this.#previous }),
      chains: chains.map(([chain, { builder, link }]) => ({
        ...{ chain, size: builder.size, root: toHex(builder.root()), link: toHex(link) },
      })),
      retention: this.retention,
      ...(contents === undefined ? {} : { contents }),
    });
    const bytes = DIGEST.format(digest);
    this.digests.push({ bytes, index });
    this.#previous = toHex(leafHash(bytes));
    this.#log.builder.append(leafHash(bytes));
    // The digests of two other tenants.
    for (const other of [1, 2]) this.#log.builder.append(leafHash(Uint8Array.of(seal, other)));
    const { builder, files } = this.#log;
    writeTiles(builder, files);
    for (const [, chain] of chains) writeTiles(chain.builder, chain.files);
    this.seals.push({ seal, size: builder.size, root: builder.root() });
    this.checkpoint = this.sign(builder.size, builder.root(), digest.sealedAt);
    return digest;
  }

  #dueAt(seal: number): string {
    return new Date(Date.parse(this.sealedAt(seal)) + this.dueDays * DAY_MS).toISOString();
  }

  sign(size: number, root: Uint8Array, sealedAt: string): Uint8Array {
    const text = formatCheckpoint({ origin: ORIGIN, size, root, extensions: [] });
    const timestamp = Math.floor(Date.parse(sealedAt) / 1_000);
    return formatNote({ text, signatures: this.signers.map((one) => one.sign(text, timestamp)) });
  }

  #contents(): ObjectRef | undefined {
    const segments = [...this.chains].sort(([a], [b]) => a - b).flatMap(([number]) => this.#lists(number));
    if (segments.length + this.#tombstones.length + this.#holds.length === 0) return undefined;
    const document: Contents = {
      ...{ v: 1, kind: 'contents', tenant: this.tenant, seal: this.#seal, segments },
      ...{ tombstones: this.#tombstones, holds: this.#holds },
      ...{ nextTombstone: this.#next.tombstone, nextHold: this.#next.hold },
    };
    this.#tombstones = [];
    this.#holds = [];
    return this.#keep(contentsKey(this.tenant, this.#seal), CONTENTS.format(document));
  }

  #lists(number: number): ObjectRef[] {
    const chain = this.chain(number);
    const refs: ObjectRef[] = [];
    for (let from = chain.sealed; from < chain.bodies.length; from += LIST_POSITIONS) {
      const through = Math.min(chain.bodies.length, from + LIST_POSITIONS);
      const rows = chain.open.slice(from - chain.sealed, through - chain.sealed);
      const groups = Map.groupBy(rows.entries(), ([, { category, day }]) => `${category} ${day}`);
      const segments = [...groups.values()].map((group): SealedSegment => {
        const positions = group.map(([i]) => from + i);
        const { category, day } = group[0]![1];
        const first = positions[0]!;
        const key = segmentKey(this.tenant, category, day, number, first);
        const object = { key, version: 'v1', sha256: toHex(sha256(new TextEncoder().encode(key))), bytes: 1 };
        const segment = {
          object,
          category,
          day,
          positions: formatPositions(runsOf(positions)),
          first,
          last: positions.at(-1)!,
        };
        this.#segments.set(key, { segment, chain: number });
        return segment;
      });
      const list = { v: 1, kind: 'segments', tenant: this.tenant, chain: number, seal: this.#seal } as const;
      const bytes = SEGMENT_LIST.format(this.changeList({ ...list, from, through, segments }));
      refs.push(this.#keep(listKey(this.tenant, this.#seal, number, from), bytes));
    }
    chain.sealed = chain.bodies.length;
    chain.open.length = 0;
    return refs;
  }

  #nodes(size: number): TileNodes {
    return new TileNodes({ read: async (path) => this.#log.files.get(path) }, size);
  }

  async proven(from = 0): Promise<SealedDigest[]> {
    const { size } = this.#log.builder;
    const proofs = this.digests.slice(from).map(async ({ bytes, index }) => ({
      ...{ bytes, index, proof: await proveInclusion(this.#nodes(size), index, size) },
    }));
    return Promise.all(proofs);
  }

  async sealHeads(): Promise<SealHead[]> {
    const { size } = this.#log.builder;
    return Promise.all(
      this.seals.map(async (seal) => ({ ...seal, proof: await proveConsistency(this.#nodes(size), seal.size, size) })),
    );
  }

  get head(): LogHead {
    const { builder } = this.#log;
    const timestamp = Math.floor(Date.parse(this.sealedAt(this.#seal - 1)) / 1_000);
    return { origin: ORIGIN, size: builder.size, root: builder.root(), timestamp };
  }

  /** As a bundle has it, with bodies in order, or as an archive has it, with positions. */
  async evidence({ first = 0, positions = false } = {}): Promise<Evidence> {
    const digests = await this.proven(Math.max(0, first - 1));
    const { documents, head: log, tenant } = this;
    const chain = (number: number) => this.chain(number);
    return {
      ...{ tenant, log, first },
      async *digests() {
        yield* digests;
      },
      document: async (ref) => documents.get(ref.sha256),
      tiles: (number) => ({ read: async (path) => chain(number).files.get(path) }),
      async *leaves(number, from, through) {
        yield* batches(tenant, chain(number).bodies, from, through, positions);
      },
    };
  }
}
