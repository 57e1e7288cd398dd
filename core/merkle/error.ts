// Why a proof of a Merkle tree is refused.
export type ProofFault = 'size' | 'index' | 'hash-length' | 'proof-length' | 'node' | 'root';

/** A proof, or what it is about, is not what RFC 6962 allows. Hashes are public, so evidence may hold them. */
export class ProofError extends Error {
  override readonly name: string = 'ProofError';
  readonly code: ProofFault;

  constructor(code: ProofFault, message: string) {
    super(message);
    this.code = code;
  }
}

/** The proof leads somewhere else: whoever made it, or whoever keeps the root, has another tree. */
export class RootMismatch extends ProofError {
  override readonly name = 'RootMismatch';
  /** Of the tree whose root differs. */
  readonly size: number;
  readonly expected: Uint8Array;
  readonly computed: Uint8Array;

  constructor(size: number, expected: Uint8Array, computed: Uint8Array) {
    super('root', `the proof does not lead to the root of the tree of ${size}`);
    this.size = size;
    this.expected = expected;
    this.computed = computed;
  }
}
