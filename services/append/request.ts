// A request to append, until it is settled.
import { chainName } from '../../core/chain.ts';
import { HASH_BYTES } from '../../core/crypto.ts';
import type { PreparedEntry } from '../../core/entry/context.ts';
import { MAX_BATCH_BYTES, MAX_BATCH_ENTRIES, MAX_ENTRY_BYTES } from '../../core/limits.ts';

/** What a client's key may hold; with a tenant's name it stays far below a DynamoDB key's 2,048 bytes. */
const MAX_KEY_CHARACTERS = 256;

const OWNER = /^[a-z0-9:]{1,64}$/;

/** Ends an entry in a block's payload; canonical JSON never holds one. */
const LF = 0x0a;

/** A key belongs to its owner: the same key of another owner is another request. */
export interface Idempotency {
  /** Of `owner.ts`. */
  readonly owner: string;
  readonly key: string;
  /** SHA-256 of the request's body. */
  readonly digest: Uint8Array;
}

export interface AppendRequest {
  readonly tenant: string;
  readonly entries: readonly PreparedEntry[];
  readonly idempotency?: Idempotency | undefined;
}

/** What the client is told of one entry; hashes in lower-case hex. */
export interface Receipt {
  readonly id: string;
  readonly chain: number;
  readonly position: number;
  readonly leafHash: string;
  readonly link: string;
  /** RFC 3339, as in the entry. */
  readonly recordedAt: string;
}

/** A request on its way: settled exactly once, by the first outcome. */
export class Pending {
  readonly entries: readonly PreparedEntry[];
  /** `tenant#owner#key` and digest of an idempotent request. */
  readonly keyed: { readonly request: string; readonly digest: Uint8Array } | undefined;
  /** When its caller stops waiting, on the ledger's clock. */
  readonly deadline: number;
  readonly bytes: number;
  readonly receipts: Promise<readonly Receipt[]>;
  #settled = false;
  readonly #resolve: (receipts: readonly Receipt[]) => void;
  readonly #reject: (error: unknown) => void;

  constructor(request: AppendRequest, deadline: number) {
    this.bytes = checkedSize(request);
    this.entries = request.entries;
    this.deadline = deadline;
    const { idempotency, tenant } = request;
    this.keyed = idempotency && { request: requestName(tenant, idempotency), digest: idempotency.digest };
    const { promise, resolve, reject } = Promise.withResolvers<readonly Receipt[]>();
    this.receipts = promise;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get settled(): boolean {
    return this.#settled;
  }

  acknowledge(receipts: readonly Receipt[]): void {
    this.#settled = true;
    this.#resolve(receipts);
  }

  fail(error: unknown): void {
    this.#settled = true;
    this.#reject(error);
  }
}

/** Neither a tenant nor an owner holds `#`, so the name of a request has one reading. */
export function requestName(tenant: string, { owner, key }: Idempotency): string {
  return `${tenant}#${owner}#${key}`;
}

/** Callers check what clients send and tell them where it is wrong; this is the last line, against callers. */
function checkedSize({ tenant, entries, idempotency }: AppendRequest): number {
  chainName(tenant, 0);
  if (entries.length === 0 || entries.length > MAX_BATCH_ENTRIES) {
    throw new RangeError(`got ${entries.length} entries, want 1 to ${MAX_BATCH_ENTRIES}`);
  }
  let bytes = 0;
  for (const entry of entries) {
    if (entry.bytes.length > MAX_ENTRY_BYTES) {
      throw new RangeError(`got an entry of ${entry.bytes.length} bytes, want at most ${MAX_ENTRY_BYTES}`);
    }
    if (entry.bytes.length === 0 || entry.bytes.includes(LF)) throw new RangeError('got an empty entry or a raw LF');
    bytes += entry.bytes.length;
  }
  if (bytes > MAX_BATCH_BYTES) throw new RangeError(`got ${bytes} bytes, want at most ${MAX_BATCH_BYTES}`);
  if (idempotency === undefined) return bytes;
  const { owner, key, digest } = idempotency;
  if (!OWNER.test(owner)) throw new RangeError('got an owner of a key that is none');
  if (key.length === 0 || key.length > MAX_KEY_CHARACTERS || !key.isWellFormed()) {
    throw new RangeError(`got a key of ${key.length} characters, want 1 to ${MAX_KEY_CHARACTERS}`);
  }
  if (digest.length !== HASH_BYTES) throw new RangeError(`got a digest of ${digest.length} bytes, want ${HASH_BYTES}`);
  return bytes;
}
