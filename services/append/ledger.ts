import { equalBytes } from '../../core/crypto.ts';
import { IdempotencyMismatch } from './errors.ts';
import { Heads } from './heads.ts';
import { Lane } from './lane.ts';
import { completeOptions, type LedgerOptions, type Options } from './options.ts';
import { type AppendRequest, type Idempotency, Pending, type Receipt, requestName } from './request.ts';
import { SpoiltChains } from './spoilt.ts';

interface InFlight {
  readonly digest: Uint8Array;
  readonly receipts: Promise<readonly Receipt[]>;
}

/**
 * Appends entries to chains: all of a request or nothing, and acknowledged only when it is durable.
 *
 * Requests that arrive while a write is in flight share the next block. Several ledgers, in as many processes, may
 * write the same chains: the store's condition decides who takes a position, the loser links on behind. A request
 * without a key whose answer never came may have been written; one with a key is written exactly once, however often it
 * is sent while the key is remembered.
 */
export class Ledger {
  readonly #options: Options;
  readonly #heads: Heads;
  readonly #spoilt: SpoiltChains;
  readonly #lanes = new Map<string, Lane>();
  readonly #inFlight = new Map<string, InFlight>();

  constructor(options: LedgerOptions) {
    this.#options = completeOptions(options);
    const { pace, onSpoilt, store } = this.#options;
    this.#heads = new Heads(store.hotWindowMs, pace.now);
    this.#spoilt = new SpoiltChains(pace.now, onSpoilt);
  }

  /**
   * Throws LedgerUnavailable (NoIntactChain), IdempotencyMismatch, BlockMissing, RequestNotIntact; RangeError for what no caller should have
   * let through.
   */
  async append(request: AppendRequest): Promise<readonly Receipt[]> {
    const pending = new Pending(request, this.#options.pace.now() + this.#options.deadlineMs);
    if (request.idempotency === undefined) return this.#enqueue(request.tenant, pending);
    return this.#appendOnce(request.tenant, pending, request.idempotency);
  }

  /**
   * Begins to find out where the tenant's next entries go, for who will append in a moment and has other things to wait for
   * until then. What goes wrong is for the append to tell.
   */
  prepare(tenant: string): void {
    const lane = this.#lanes.get(tenant) ?? this.#newLane(tenant, () => undefined);
    lane.prepare().catch(() => undefined);
  }

  #newLane(tenant: string, onIdle: () => void): Lane {
    return new Lane(tenant, this.#options, this.#heads, this.#spoilt, onIdle);
  }

  #enqueue(tenant: string, pending: Pending): Promise<readonly Receipt[]> {
    let lane = this.#lanes.get(tenant);
    if (lane === undefined) {
      lane = this.#newLane(tenant, () => this.#lanes.delete(tenant));
      this.#lanes.set(tenant, lane);
    }
    lane.enqueue(pending);
    return pending.receipts;
  }

  /** One transaction can't hold the same key twice, so a repeat waits for what becomes of the request before it. */
  async #appendOnce(tenant: string, pending: Pending, idempotency: Idempotency): Promise<readonly Receipt[]> {
    const request = requestName(tenant, idempotency);
    for (;;) {
      const before = this.#inFlight.get(request);
      if (before === undefined) break;
      const receipts = await before.receipts.catch(() => undefined);
      // Where it failed, it settled nothing: the next one tries for itself.
      if (receipts === undefined) continue;
      if (!equalBytes(before.digest, idempotency.digest)) throw new IdempotencyMismatch();
      return receipts;
    }
    const receipts = this.#enqueue(tenant, pending);
    this.#inFlight.set(request, { digest: idempotency.digest, receipts });
    try {
      return await receipts;
    } finally {
      this.#inFlight.delete(request);
    }
  }
}
