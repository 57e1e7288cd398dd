// A tenant's digests for the verifier.
import { leafHash } from '../../core/chain.ts';
import { DIGEST, type Digest } from '../../core/documents/digest.ts';
import { DocumentError } from '../../core/documents/error.ts';
import { ProofError } from '../../core/merkle/error.ts';
import { verifyInclusion } from '../../core/merkle/verify.ts';
import { MAX_BUNDLED_ENTRY_BYTES } from '../../core/tiles/entry-bundle.ts';
import type { SealedDigest } from '../../core/verify/evidence.ts';
import { digestKey } from '../../names/log.ts';
import { type EvidenceReader, genuineAt, type OnForeign } from '../log/versions.ts';
import type { LogView } from './log.ts';

/** What of a digest finds other things; kept for the whole of a slice. */
export type KnownDigest = Pick<Digest, 'number' | 'seal' | 'sealedAt' | 'chains' | 'retention' | 'contents'>;

/** One tenant's digests: under each seal's key the version that is a leaf of the log, or else what the log itself has. */
export class TenantDigests {
  readonly tenant: string;
  readonly #store: EvidenceReader;
  readonly #log: LogView;
  readonly #onForeign: OnForeign;
  readonly #known = new Map<number, Promise<KnownDigest | undefined>>();

  constructor(tenant: string, store: EvidenceReader, log: LogView, onForeign: OnForeign) {
    this.tenant = tenant;
    this.#store = store;
    this.#log = log;
    this.#onForeign = onForeign;
  }

  /** The digest that this seal made of the tenant, with its proof; undefined when it made none. */
  async sealed(seal: number): Promise<SealedDigest | undefined> {
    const found = await this.#find(seal);
    this.#known.set(seal, Promise.resolve(found && knownOf(found)));
    return found;
  }

  /** What of it is kept. */
  at(seal: number): Promise<KnownDigest | undefined> {
    const known = this.#known.get(seal) ?? this.#find(seal).then((found) => found && knownOf(found));
    this.#known.set(seal, known);
    return known;
  }

  async #find(seal: number): Promise<SealedDigest | undefined> {
    const key = digestKey(this.tenant, seal);
    const read = (bytes: Uint8Array) => this.#proven(bytes, seal);
    const found = await genuineAt(this.#store, key, MAX_BUNDLED_ENTRY_BYTES, read, this.#onForeign);
    if (found !== undefined) return found;
    const logged = await this.#log.find(seal, this.tenant);
    return logged && this.#proven(logged.bytes, seal);
  }

  /** A copy of another seal's digest is a leaf of the log too, but not this one. */
  async #proven(bytes: Uint8Array, seal: number): Promise<SealedDigest | undefined> {
    const digest = parsed(bytes);
    if (digest?.seal !== seal || digest.tenant !== this.tenant) return undefined;
    const { index } = digest;
    const { size, root } = this.#log.published.checkpoint;
    const proof = await this.#log.inclusion(index);
    try {
      verifyInclusion({ index, size, leafHash: leafHash(bytes), root }, proof);
      return { bytes, index, proof };
    } catch (error) {
      if (error instanceof ProofError) return undefined;
      throw error;
    }
  }
}

function knownOf({ bytes }: SealedDigest): KnownDigest {
  const { number, seal, sealedAt, chains, retention, contents } = parsed(bytes)!;
  return { number, seal, sealedAt, chains, retention, ...(contents === undefined ? {} : { contents }) };
}

function parsed(bytes: Uint8Array): Digest | undefined {
  try {
    return DIGEST.parse(bytes);
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}
