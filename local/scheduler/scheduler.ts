/**
 * Waits for the occasions of schedules and calls their targets. Promise: an occasion that came is on disk before its target
 * is called, and stays there until the target or the dead-letter queue has it, over restarts and SIGKILL. Occasions while the
 * runtime is off are not made up for.
 */
import { randomBytes } from 'node:crypto';
import { messageOf } from '../failure.ts';
import { Journal } from '../journal.ts';
import { persistently } from '../persistently.ts';
import type { RuntimeContext } from '../template/provisioner.ts';
import type { Schedule } from './schedule.ts';
import { callTarget, type Failure, type Invocation, sendLetter } from './target.ts';

const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 10 * 60_000;

export class Scheduler {
  readonly #context: RuntimeContext;
  readonly #journal: Journal<Invocation>;
  readonly #schedules = new Map<string, Schedule>();
  readonly #abort = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly groups = new Set(['default']);

  private constructor(context: RuntimeContext, journal: Journal<Invocation>) {
    this.#context = context;
    this.#journal = journal;
  }

  static async open(path: string, context: RuntimeContext): Promise<Scheduler> {
    return new Scheduler(context, await Journal.open<Invocation>(path));
  }

  add(schedule: Schedule): void {
    this.#schedules.set(schedule.arn, schedule);
  }

  /** What an earlier run did not finish goes out first. */
  start(): void {
    for (const invocation of [...this.#journal.entries.values()]) this.#track(this.#deliver(invocation));
    for (const schedule of this.#schedules.values()) if (schedule.enabled) this.#track(this.#watch(schedule));
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.all(this.#running);
  }

  close(): Promise<void> {
    return this.#journal.close();
  }

  async #watch({ arn: scheduleArn, next }: Schedule): Promise<void> {
    const { clock } = this.#context;
    const { signal } = this.#abort;
    for (let at = next(clock.now()); at !== undefined; at = next(at)) {
      while (!signal.aborted && clock.now() < at) await clock.sleep(at - clock.now(), signal);
      if (signal.aborted) return;
      const invocation = { scheduleArn, id: randomBytes(8).toString('hex'), scheduledAt: at };
      const about = { context: this.#context, part: 'scheduler', what: `an occasion of ${scheduleArn}`, signal };
      if (!(await persistently(() => this.#journal.put(invocation.id, invocation), about))) return;
      this.#track(this.#deliver(invocation));
    }
  }

  async #deliver(invocation: Invocation): Promise<void> {
    const schedule = this.#schedules.get(invocation.scheduleArn);
    if (!schedule) {
      this.#context.warn(
        'scheduler',
        'an invocation from an earlier run was dropped: the template has no such schedule',
        {
          schedule: invocation.scheduleArn,
        },
      );
    }
    if (!schedule || (await this.#attempts(invocation, schedule))) this.#journal.drop(invocation.id);
  }

  /** True when nothing more is to be done, false when the runtime stops first. The first attempt is always made. */
  async #attempts(invocation: Invocation, { target }: Schedule): Promise<boolean> {
    const { clock } = this.#context;
    for (let retries = 0; !this.#abort.signal.aborted; retries++) {
      const failure = await callTarget(invocation, target, retries + 1, this.#context);
      if (!failure) return true;
      const about = {
        schedule: invocation.scheduleArn,
        target: target.arn,
        code: failure.code,
        error: failure.message,
      };
      this.#context.log('scheduler', 'a target did not take an invocation', { ...about, retries });
      const exhausted = exhaustedBy(target, retries, clock.now() - invocation.scheduledAt);
      if (failure.final || exhausted !== undefined) {
        return this.#giveUp(invocation, target, { failure, retries, exhausted: failure.final ? undefined : exhausted });
      }
      await clock.sleep(backoff(retries), this.#abort.signal);
    }
    return false;
  }

  async #giveUp(
    invocation: Invocation,
    target: Schedule['target'],
    why: { failure: Failure; retries: number; exhausted: string | undefined },
  ): Promise<boolean> {
    const { failure } = why;
    const about = { schedule: invocation.scheduleArn, target: target.arn, code: failure.code, error: failure.message };
    if (target.deadLetterArn === undefined) {
      this.#context.warn('scheduler', 'an invocation was dropped: its schedule has no dead-letter queue', about);
      return true;
    }
    this.#context.warn('scheduler', 'an invocation went to the dead-letter queue', about);
    // AWS drops what the queue doesn't take; here it stays on disk until it does.
    for (let tries = 0; !this.#abort.signal.aborted; tries++) {
      try {
        await sendLetter(invocation, target, why, this.#context);
        return true;
      } catch (error) {
        const refused = messageOf(error);
        this.#context.warn('scheduler', 'the dead-letter queue refused, trying again', { ...about, refused });
      }
      await this.#context.clock.sleep(backoff(tries), this.#abort.signal);
    }
    return false;
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error) => this.#context.warn('scheduler', 'a schedule ended unexpectedly', { error: messageOf(error) }))
      .finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }
}

function exhaustedBy({ maximumRetries, maximumAgeMs }: Schedule['target'], retries: number, age: number) {
  if (retries >= maximumRetries) return 'MaximumRetryAttempts';
  return age >= maximumAgeMs ? 'MaximumEventAgeInSeconds' : undefined;
}

/** Doubling, with up to half of it left to chance. */
function backoff(retries: number): number {
  const most = Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(retries, 20), LONGEST_BACKOFF_MS);
  return most / 2 + Math.random() * (most / 2);
}
