// Appends entries: the door to services/append.
import { equalBytes } from '../../core/crypto.ts';
import { DamagedChains } from './damaged-chains.ts';
import { IdempotencyMismatch } from './errors.ts';
import { HeadCache } from './head-cache.ts';
import { completeOptions, type LedgerOptions, type Options } from './options.ts';
import { type AppendRequest, type Idempotency, Pending, type Receipt, requestName } from './request.ts';
import { TenantWriter } from './tenant-writer.ts';

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
  readonly #heads: HeadCache;
  readonly #damaged: DamagedChains;
  readonly #writers = new Map<string, TenantWriter>();
  readonly #inFlight = new Map<string, InFlight>();

  constructor(options: LedgerOptions) {
    this.#options = completeOptions(options);
    const { clock, onDamaged, store } = this.#options;
    this.#heads = new HeadCache(store.hotWindowMs, clock.now);
    this.#damaged = new DamagedChains(clock.now, onDamaged);
  }

  /**
   * Throws LedgerUnavailable (NoIntactChain), IdempotencyMismatch, BlockMissing, RequestNotIntact; RangeError for what no caller should have
   * let through.
   */
  async append(request: AppendRequest): Promise<readonly Receipt[]> {
    const pending = new Pending(request, this.#options.clock.now() + this.#options.deadlineMs);
    if (request.idempotency === undefined) return this.#enqueue(request.tenant, pending);
    return this.#appendOnce(request.tenant, pending, request.idempotency);
  }

  /**
   * Begins to find out where the tenant's next entries go, for who will append in a moment and has other things to wait for
   * until then. What goes wrong is for the append to tell.
   */
  prepare(tenant: string): void {
    const writer = this.#writers.get(tenant) ?? this.#newWriter(tenant, () => undefined);
    writer.prepare().catch(() => undefined);
  }

  #newWriter(tenant: string, onIdle: () => void): TenantWriter {
    return new TenantWriter(tenant, this.#options, this.#heads, this.#damaged, onIdle);
  }

  #enqueue(tenant: string, pending: Pending): Promise<readonly Receipt[]> {
    let writer = this.#writers.get(tenant);
    if (writer === undefined) {
      writer = this.#newWriter(tenant, () => this.#writers.delete(tenant));
      this.#writers.set(tenant, writer);
    }
    writer.enqueue(pending);
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
      if (!equalBytes(before.digest, idempotency.digest)) throw new IdempotencyMismatch(receipts.length);
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
