/** The append was not acknowledged: nothing may be assumed of it. With an idempotency key, sending it again is safe. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
  readonly code = 'ledger-unavailable';
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, cause: unknown) {
    super(`the ledger can't be written now, try again in ${retryAfterSeconds} s`, { cause });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The key belongs to another request: its body had another digest. Nothing was written. */
export class IdempotencyMismatch extends Error {
  override readonly name = 'IdempotencyMismatch';
  readonly code = 'idempotency-mismatch';

  constructor() {
    super('the idempotency key was used before, with another body');
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
