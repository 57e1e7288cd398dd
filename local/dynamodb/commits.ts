/**
 * Hands out what DynamoDB Local answers only once it is known to be committed.
 *
 * The emulator answers a transaction before it runs SQLite's COMMIT, and never says that one failed. A COMMIT that fails, on a
 * full disk for example, leaves its transaction open: everything after it is answered with success, can be read back, and is
 * gone at the next start. So writes go in rounds. A round takes writes until its first answer; when all of it is answered, no
 * rollback journal may be left, and only then do its answers leave. Reads that could have seen a write wait for its round.
 */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './client.ts';

/** The emulator's own background jobs have short transactions of their own; one that outlasts these looks is not theirs. */
const LOOKS = 25;
const LOOK_STEP_MS = 4;

/** Whether the call took effect is not known; the caller has to ask again. */
export class NotCommitted extends Error {
  override readonly name = 'NotCommitted';
}

/** `transaction`: answered before its commit. */
export type CallKind = 'read' | 'write' | 'transaction';

export interface CommitsOptions {
  /** SQLite's rollback journal: it is there exactly while a transaction that has changed something is open. */
  readonly journal: string;
  /** A call that the emulator answers after everything that it has taken before. */
  readonly barrier: () => Promise<unknown>;
  /** Told when a transaction stays open: whatever the emulator says from then on can't be believed. */
  readonly stuck: () => void;
}

class Round {
  pending = 0;
  /** It takes no more writes. */
  closed = false;
  failed = false;
  transaction = false;
  readonly settled = Promise.withResolvers<boolean>();
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

  async #write(kind: CallKind, send: () => Promise<Answer>): Promise<Answer> {
    const round = await this.#join();
    round.transaction ||= kind === 'transaction';
    let answer: Answer;
    try {
      answer = await send();
      round.failed ||= answer.status >= 500;
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

  async #join(): Promise<Round> {
    while (this.#round?.closed) await this.#round.settled.promise;
    this.#round ??= new Round();
    this.#round.pending += 1;
    return this.#round;
  }

  async #settle(round: Round): Promise<void> {
    try {
      if (!(await this.#isCommitted(round))) {
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

  /** A round that failed was rolled back, or its transaction stays open: the journal tells which. */
  async #isCommitted({ transaction }: Round): Promise<boolean> {
    const { journal, barrier } = this.#options;
    if (!transaction && !existsSync(journal)) return true;
    for (let look = 0; look < LOOKS; look += 1) {
      await barrier();
      if (!existsSync(journal)) return true;
      await sleep(look * LOOK_STEP_MS);
    }
    return false;
  }
}
