/**
 * Hands out what DynamoDB Local answers only once it is known to be committed.
 *
 * The emulator answers a transaction before it runs SQLite's COMMIT, and never says that one failed. After one that failed, on a
 * full disk for example, it runs later writes without a transaction of their own, and SQLite has done one of two things.
 * Either the transaction stays open: everything after it is answered with success, can be read back, and is gone at the next
 * start. Or SQLite rolled it back: nothing of it is left, not even the rollback journal.
 *
 * So writes go in rounds, of transactions or of single writes. A round takes writes until its first answer; when all of it is
 * answered, no rollback journal may be left, and the tokens of its transactions have to be in the file (tokens.ts); only then do
 * its answers leave. Reads that could have seen a write wait for its round.
 */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './client.ts';

/** The emulator's own background jobs have short transactions of their own; one that outlasts these looks is not theirs. */
const LOOKS = 25;
const LOOK_STEP_MS = 4;

/** How often tokens are looked for: a look beside a background job's commit can miss them. */
const TOKEN_LOOKS = 4;

/** Whether the call took effect is not known; the caller has to ask again. */
export class NotCommitted extends Error {
  override readonly name = 'NotCommitted';
}

/** `token`: of a transaction that writes; it is answered before its commit. */
export type CallKind = 'read' | 'write' | { readonly token: string };

export interface CommitsOptions {
  /** SQLite's rollback journal: it is there exactly while a transaction that has changed something is open. */
  readonly journal: string;
  /** A call that the emulator answers after everything that it has taken before. */
  readonly barrier: () => Promise<unknown>;
  /** Whether the transactions with these tokens are in the file. Asked when no transaction is open. */
  readonly recorded: (tokens: readonly string[]) => boolean;
  /** Told when a transaction was not committed, or failed: whatever the emulator says from then on can't be believed. */
  readonly stuck: () => void;
}

class Round {
  readonly transactions: boolean;
  pending = 0;
  /** It takes no more writes. */
  closed = false;
  failed = false;
  /** A transaction failed in the emulator: its rollback may have failed too, with the same consequence as a failed commit. */
  broken = false;
  /** Of the transactions that were answered with success. */
  readonly tokens: string[] = [];
  readonly settled = Promise.withResolvers<boolean>();

  constructor(transactions: boolean) {
    this.transactions = transactions;
  }
}

export class Commits {
  readonly #options: CommitsOptions;
  #round: Round | undefined;
  #failures = 0;

  constructor(options: CommitsOptions) {
    this.#options = options;
  }

  /** Throws NotCommitted, or what `send` throws. An answer of 500 and above is handed out as it is. */
  call(kind: CallKind, send: () => Promise<Answer>): Promise<Answer> {
    return kind === 'read' ? this.#read(send) : this.#write(kind, send);
  }

  async #read(send: () => Promise<Answer>): Promise<Answer> {
    const failures = this.#failures;
    const answer = await send();
    await this.#round?.settled.promise;
    if (this.#failures !== failures) throw new NotCommitted('The answer may show a write that was not committed.');
    return answer;
  }

  async #write(kind: Exclude<CallKind, 'read'>, send: () => Promise<Answer>): Promise<Answer> {
    const round = await this.#join(kind !== 'write');
    let answer: Answer;
    try {
      answer = await send();
      round.failed ||= answer.status >= 500;
      round.broken ||= kind !== 'write' && answer.status >= 500;
      if (kind !== 'write' && answer.status === 200) round.tokens.push(kind.token);
    } catch (error) {
      round.failed = true;
      throw error;
    } finally {
      round.closed = true;
      round.pending -= 1;
      if (round.pending === 0) void this.#settle(round);
    }
    const committed = await round.settled.promise;
    if (!committed && answer.status < 500) throw new NotCommitted('The write may not have been committed.');
    return answer;
  }

  /** A single write beside a transaction that fails would not be one step: its item could be kept without its stream record. */
  async #join(transactions: boolean): Promise<Round> {
    while (this.#round?.closed || (this.#round && this.#round.transactions !== transactions)) {
      await this.#round.settled.promise;
    }
    this.#round ??= new Round(transactions);
    this.#round.pending += 1;
    return this.#round;
  }

  async #settle(round: Round): Promise<void> {
    try {
      if (round.broken || !(await this.#isCommitted(round))) {
        round.failed = true;
        this.#options.stuck();
      }
    } catch {
      // The emulator did not answer the barrier: nothing is known of the round.
      round.failed = true;
    }
    if (round.failed) this.#failures += 1;
    this.#round = undefined;
    round.settled.resolve(!round.failed);
  }

  /** Without a journal no transaction is open; what was answered with success is then in the file, or was rolled back. */
  async #isCommitted({ transactions, tokens }: Round): Promise<boolean> {
    const { journal, barrier, recorded } = this.#options;
    if (!transactions && !existsSync(journal)) return true;
    let missed = 0;
    for (let look = 0; look < LOOKS && missed < TOKEN_LOOKS; look += 1) {
      await barrier();
      if (!existsSync(journal)) {
        if (tokens.length === 0 || recorded(tokens)) return true;
        missed += 1;
      }
      await sleep(look * LOOK_STEP_MS);
    }
    return false;
  }
}
