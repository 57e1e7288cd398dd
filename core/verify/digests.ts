// Verifies a tenant's digests, one after the other.
import { leafHash } from '../chain.ts';
import { toHex } from '../crypto.ts';
import { type ChainHead, DIGEST, type Digest, isSealedAfter } from '../documents/digest.ts';
import { DocumentError } from '../documents/error.ts';
import { ProofError } from '../merkle/error.ts';
import { verifyInclusion } from '../merkle/verify.ts';
import type { LogHead, SealedDigest } from './evidence.ts';
import { type Finding, type FindingCode, finding, type OnFinding } from './finding.ts';

/** A digest that is in the log. What it says is what was sealed, whatever else is found. */
export interface ProvenDigest {
  readonly digest: Digest;
  /** SHA-256(0x00 ‖ bytes), hexadecimal: what the next digest names. */
  readonly leaf: string;
}

/** Where a digest that is in the log says that it is. */
export type DigestPlace = Pick<Digest, 'number' | 'seal' | 'index'>;

export interface DigestWalkOptions {
  readonly tenant: string;
  readonly log: LogHead;
  /** Number of the first digest to check; the one before comes first unless this is 0. */
  readonly first: number;
  /** Goes on behind this digest, which was checked before. */
  readonly previous?: ProvenDigest;
}

/**
 * Takes a tenant's digests in order: each in the log, each continuing the one before, none left out. A digest that is not
 * in the log is no digest; the walk then goes on as if it were not there.
 */
export class DigestWalk {
  readonly #options: DigestWalkOptions;
  readonly #report: OnFinding;
  #previous: ProvenDigest | undefined;

  constructor(options: DigestWalkOptions, report: OnFinding) {
    this.#options = options;
    this.#report = report;
    this.#previous = options.previous;
  }

  /** The newest digest that is in the log, so far. */
  get newest(): ProvenDigest | undefined {
    return this.#previous;
  }

  /** Undefined when it is not in the log or not the tenant's. */
  accept(sealed: SealedDigest): ProvenDigest | undefined {
    const digest = this.#parse(sealed);
    if (digest === undefined || !this.#inLog(sealed, digest)) return undefined;
    const proven = { digest, leaf: toHex(leafHash(sealed.bytes)) };
    this.#checkSigned(digest);
    if (this.#previous === undefined) this.#checkFirst(digest);
    else this.#checkNext(this.#previous, digest);
    this.#previous = proven;
    return proven;
  }

  /** Whether the evidence ends where the log does. */
  end(): void {
    const newest = this.#previous?.digest;
    const { timestamp } = this.#options.log;
    if (newest === undefined) {
      this.#add('no-digest', {}, 'at least one digest in the log', 'none');
    } else if (timestamp !== undefined && secondsOf(newest) < timestamp) {
      const sealedAt = new Date(timestamp * 1_000).toISOString();
      this.#add('digest-not-newest', newest, `a digest of the checkpoint's seal, made at ${sealedAt}`, newest.sealedAt);
    }
  }

  #parse({ bytes, index }: SealedDigest): Digest | undefined {
    try {
      return DIGEST.parse(bytes);
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      const code = error.code === 'version' ? 'digest-version' : 'digest-malformed';
      this.#add(code, {}, `a digest as leaf ${index} of the log`, error.message);
      return undefined;
    }
  }

  #inLog({ bytes, index, proof }: SealedDigest, digest: Digest): boolean {
    const { log, tenant } = this.#options;
    if (digest.tenant !== tenant) return this.#refuse('digest-tenant', digest, `a digest of ${tenant}`, digest.tenant);
    if (digest.log !== log.origin) return this.#refuse('digest-log', digest, log.origin, digest.log);
    if (digest.index !== index) return this.#refuse('digest-index', digest, `leaf ${digest.index}`, `leaf ${index}`);
    try {
      verifyInclusion({ index, size: log.size, leafHash: leafHash(bytes), root: log.root }, proof);
      return true;
    } catch (error) {
      if (!(error instanceof ProofError)) throw error;
      return this.#refuse('digest-not-in-log', digest, `a proof to the checkpoint of size ${log.size}`, error.message);
    }
  }

  /** What was signed can't have been sealed later. */
  #checkSigned(digest: Digest): void {
    const { timestamp } = this.#options.log;
    if (!isSealedAfter(digest, timestamp)) return;
    const signedAt = new Date(timestamp! * 1_000).toISOString();
    this.#add('digest-ahead', digest, `sealed by the time of the checkpoint's signature, ${signedAt}`, digest.sealedAt);
  }

  #checkFirst(digest: Digest): void {
    const want = Math.max(0, this.#options.first - 1);
    if (digest.number !== want) this.#add('digest-number', digest, `digest ${want} first`, `digest ${digest.number}`);
  }

  #checkNext({ digest: before, leaf }: ProvenDigest, digest: Digest): void {
    if (digest.number !== before.number + 1) {
      this.#add('digest-number', digest, `digest ${before.number + 1}`, `digest ${digest.number}`);
    } else if (digest.previous !== leaf) {
      this.#add('digest-previous', digest, `the digest before to be ${leaf}`, digest.previous ?? 'none');
    }
    this.#checkOrder(before, digest);
    for (const head of before.chains) this.#checkChain(head, digest);
  }

  #checkOrder(before: Digest, digest: Digest): void {
    const rises = digest.seal > before.seal && digest.index > before.index && digest.sealedAt > before.sealedAt;
    if (!rises) {
      const place = ({ seal, index, sealedAt }: Digest) => `seal ${seal}, leaf ${index}, ${sealedAt}`;
      this.#add('digest-order', digest, `behind ${place(before)}`, place(digest));
    }
    if (digest.sealedAt > before.nextBy) {
      this.#add('digest-late', digest, `sealed by ${before.nextBy}`, digest.sealedAt);
    }
  }

  #checkChain(before: ChainHead, digest: Digest): void {
    const head = digest.chains.find(({ chain }) => chain === before.chain);
    const at = { ...digest, chain: before.chain };
    if (head === undefined) {
      this.#add('chain-vanished', at, `the chain with at least ${before.size} entries`, 'no such chain');
    } else if (head.size < before.size) {
      this.#add('chain-shrunk', at, `at least ${before.size} entries`, `${head.size}`);
    } else if (head.size === before.size && (head.root !== before.root || head.link !== before.link)) {
      this.#add(
        'chain-unchanged',
        at,
        `root ${before.root}, link ${before.link}`,
        `root ${head.root}, link ${head.link}`,
      );
    }
  }

  #refuse(code: FindingCode, digest: Digest, expected: string, found: string): false {
    this.#add(code, digest, expected, found);
    return false;
  }

  #add(
    code: FindingCode,
    { seal, number, chain }: { seal?: number; number?: number; chain?: number },
    expected: string,
    found: string,
  ): void {
    const place: Partial<Finding> = {
      ...(seal === undefined ? {} : { seal }),
      ...(number === undefined ? {} : { digest: number }),
      ...(chain === undefined ? {} : { chain }),
    };
    this.#report(finding(code, { tenant: this.#options.tenant, ...place, expected, found }));
  }
}

function secondsOf({ sealedAt }: Digest): number {
  return Math.floor(Date.parse(sealedAt) / 1_000);
}
