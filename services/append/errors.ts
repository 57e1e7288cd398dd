/** The append was not acknowledged: nothing may be assumed of it. With an idempotency key, sending it again is safe. */
export class LedgerUnavailable extends Error {
  override readonly name: string = 'LedgerUnavailable';
  readonly code: string = 'ledger-unavailable';
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, cause: unknown) {
    super(`the ledger can't be written now, try again in ${retryAfterSeconds} s`, { cause });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** None of the tenant's chains has an end that can be built on: nothing is written until that is looked into. */
export class NoIntactChain extends LedgerUnavailable {
  override readonly name = 'NoIntactChain';
  override readonly code = 'no-intact-chain';
}

/** What stands at a chain's end is not the chain's: somebody tampered. What is recorded goes to other chains. */
export class ChainNotIntact extends Error {
  override readonly name = 'ChainNotIntact';
  readonly code = 'chain-not-intact';
  readonly chain: string;
  /**
   * Why: a code of BlockError or EntryFault of the block there; 'gap', 'unlinked' when it does not follow from what is
   * before; 'row' when the chain's row says something else; 'missing' when blocks are that the row knows.
   */
  readonly reason: string;
  /** Of the block, where one is concerned. */
  readonly position: number | undefined;

  constructor(chain: string, reason: string, position: number | undefined, cause?: unknown) {
    super(`the end of chain ${chain} is not intact (${reason})`, cause === undefined ? undefined : { cause });
    this.chain = chain;
    this.reason = reason;
    this.position = position;
  }
}

/** What is remembered of the key is no record, or not of this request: somebody tampered. Nothing was written. */
export class RequestNotIntact extends Error {
  override readonly name = 'RequestNotIntact';
  readonly code = 'request-not-intact';

  constructor() {
    super('what is remembered of the idempotency key is not a record of this request');
  }
}

/** The key belongs to another request: its body had another digest. Nothing was written. */
export class IdempotencyMismatch extends Error {
  override readonly name = 'IdempotencyMismatch';
  readonly code = 'idempotency-mismatch';
  /** How many entries the request had that the key belongs to. */
  readonly recorded: number;

  constructor(recorded: number) {
    super('the idempotency key was used before, with another body');
    this.recorded = recorded;
  }
}

/** A settled request names a block that isn't there, or isn't its own, although its time has not passed: somebody tampered. */
export class BlockMissing extends Error {
  override readonly name = 'BlockMissing';
  readonly code = 'block-missing';
  readonly chain: string;
  readonly position: number;

  constructor(chain: string, position: number) {
    super(`block ${chain}/${position} is missing, and its time has not passed`);
    this.chain = chain;
    this.position = position;
  }
}
