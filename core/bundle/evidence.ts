// The evidence that a bundle holds, as the verifier reads it.
import { type OpenedCheckpoint, signedAt } from '../checkpoint/open.ts';
import { HASH_BYTES } from '../crypto.ts';
import type { ObjectRef } from '../documents/fields.ts';
import type { TileReader } from '../tiles/reader.ts';
import { TILE_WIDTH } from '../tiles/shape.ts';
import type { Evidence, LeafBatch, LogHead, SealedDigest, SealHead } from '../verify/evidence.ts';
import { demandFile } from './container.ts';
import { entryLeaves } from './entries.ts';
import { documentFile, entriesFile, FILES, tileFile, UNSEALED_FILE } from './files.ts';
import { MAX_LINE_BYTES, parseDigestLine, parseSealLine, parseUnsealedLine } from './lines.ts';
import { linesOf } from './ndjson.ts';
import type { OpenBundle } from './open.ts';

/** No document of the format is larger. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/** Hashes and checks the entries of a tenant's chain, here or elsewhere. */
export type LeafSource = (chain: number, tenant: string) => AsyncIterable<LeafBatch>;

/** The evidence inside a bundle, under a checkpoint whose signatures were verified. */
export class BundleEvidence implements Evidence {
  readonly tenant: string;
  readonly log: LogHead;
  readonly first: number;
  readonly #bundle: OpenBundle;
  readonly #leaves: LeafSource;
  /** Files that digests name. */
  readonly named = new Set<string>();
  /** Files that were read to their end, and so have the sums that the container says. */
  readonly done = new Set<string>();

  constructor(bundle: OpenBundle, checkpoint: OpenedCheckpoint, leaves?: LeafSource) {
    const { origin, size, root } = checkpoint;
    const timestamp = signedAt(checkpoint);
    this.tenant = bundle.manifest.tenant;
    this.first = bundle.manifest.first;
    this.log = { origin, size, root, timestamp };
    this.#bundle = bundle;
    this.#leaves =
      leaves ?? ((chain, tenant) => entryLeaves(this.#stream(entriesFile(chain)), entriesFile(chain), tenant));
  }

  async *digests(): AsyncIterable<SealedDigest> {
    for await (const line of linesOf(this.#stream(FILES.digests), MAX_LINE_BYTES, FILES.digests)) {
      yield parseDigestLine(line, FILES.digests);
    }
  }

  async *seals(): AsyncIterable<SealHead> {
    for await (const line of linesOf(this.#stream(FILES.seals), MAX_LINE_BYTES, FILES.seals)) {
      yield parseSealLine(line, FILES.seals);
    }
  }

  async *unsealed(): AsyncIterable<ObjectRef> {
    if (this.#bundle.files.find(UNSEALED_FILE) === undefined) return;
    for await (const line of linesOf(this.#stream(UNSEALED_FILE), MAX_LINE_BYTES, UNSEALED_FILE)) {
      yield parseUnsealedLine(line, UNSEALED_FILE);
    }
  }

  async document(ref: ObjectRef): Promise<Uint8Array | undefined> {
    const path = documentFile(ref.sha256);
    this.named.add(path);
    return this.#read(path, MAX_DOCUMENT_BYTES);
  }

  tiles(chain: number): TileReader {
    return { read: (path) => this.#read(tileFile(chain, path), TILE_WIDTH * HASH_BYTES) };
  }

  /** All that the bundle has of the chain: what is behind the last position must not be there. */
  leaves(chain: number): AsyncIterable<LeafBatch> {
    return this.#noting(entriesFile(chain), this.#leaves(chain, this.tenant));
  }

  async *#noting(path: string, leaves: AsyncIterable<LeafBatch>): AsyncGenerator<LeafBatch> {
    yield* leaves;
    this.done.add(path);
  }

  async #read(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const { files } = this.#bundle;
    if (files.find(path) === undefined) return undefined;
    const bytes = await files.read(path, maxBytes);
    this.done.add(path);
    return bytes;
  }

  async *#stream(path: string): AsyncGenerator<Uint8Array> {
    demandFile(this.#bundle.files, path);
    yield* this.#bundle.files.stream(path);
    this.done.add(path);
  }
}
