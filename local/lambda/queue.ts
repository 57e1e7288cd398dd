/**
 * The queue of asynchronous invocations. An event is accepted once it is on disk; it leaves when the handler succeeded, or when
 * its on-failure destination has it. Events may run more than once, as on AWS.
 */
import { messageOf } from '../failure.ts';
import { Journal } from '../journal.ts';
import { type Delivery, InvokeRefused, type InvokeResult, type RuntimeContext } from '../template/provisioner.ts';
import { type Condition, invocationRecord } from './invocation-record.ts';
import {
  DEFAULT_EVENT_AGE_SECONDS,
  DEFAULT_RETRIES,
  LONGEST_THROTTLE_WAIT_MS,
  RETRY_WAITS_MS,
  THROTTLE_WAIT_MS,
} from './limits.ts';

/** At most this many events run at once; the rest wait in the journal. */
const CONCURRENT_EVENTS = 64;

/** How long to wait when a destination does not take a record. AWS would drop it; here nothing is lost. */
const DESTINATION_WAIT_MS = 5_000;

export interface EventInvokeConfig {
  readonly retries?: number;
  readonly eventAgeSeconds?: number;
  readonly onFailure?: string;
  readonly onSuccess?: string;
}

interface QueuedEvent {
  readonly functionArn: string;
  readonly requestId: string;
  readonly payload: string;
  readonly acceptedAt: number;
  /** Attempts that ended in a function error. */
  readonly attempts: number;
  readonly throttles: number;
  readonly dueAt: number;
  /** What is left to be delivered; the handler is not run again. */
  readonly deliveries?: readonly Delivery[];
}

export interface AsyncTarget {
  invoke(requestId: string, payload: string): Promise<InvokeResult>;
  readonly config: EventInvokeConfig;
  readonly deadLetterArn?: string;
}

export class AsyncQueue {
  readonly #journal: Journal<QueuedEvent>;
  readonly #runtime: RuntimeContext;
  readonly #target: (functionArn: string) => AsyncTarget | undefined;
  readonly #stopping = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  #free = CONCURRENT_EVENTS;
  readonly #waiting: (() => void)[] = [];

  private constructor(
    journal: Journal<QueuedEvent>,
    runtime: RuntimeContext,
    target: (functionArn: string) => AsyncTarget | undefined,
  ) {
    this.#journal = journal;
    this.#runtime = runtime;
    this.#target = target;
  }

  static async open(
    path: string,
    runtime: RuntimeContext,
    target: (functionArn: string) => AsyncTarget | undefined,
  ): Promise<AsyncQueue> {
    return new AsyncQueue(await Journal.open<QueuedEvent>(path), runtime, target);
  }

  /** Takes up what an earlier run left. */
  resume(): void {
    for (const event of this.#journal.entries.values()) this.#run(event);
  }

  get size(): number {
    return this.#journal.entries.size;
  }

  async accept(functionArn: string, requestId: string, payload: string): Promise<void> {
    const now = this.#runtime.clock.now();
    const event = { functionArn, requestId, payload, acceptedAt: now, attempts: 0, throttles: 0, dueAt: now };
    await this.#journal.put(requestId, event);
    this.#run(event);
  }

  /** Finishes what is running; what waits stays in the journal for the next start. */
  async close(): Promise<void> {
    this.#stopping.abort();
    for (const wake of this.#waiting.splice(0)) wake();
    await Promise.all(this.#tasks);
    await this.#journal.close();
  }

  #run(event: QueuedEvent): void {
    const task = this.#persist(event).finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }

  /** What could not be written down is tried again from what is on disk: the handler may run once more, as on AWS. */
  async #persist(event: QueuedEvent): Promise<void> {
    const { requestId } = event;
    let attempt = 0;
    for (let next: QueuedEvent | undefined = event; next && !this.#stopping.signal.aborted; attempt += 1) {
      try {
        return await this.#deliver(next);
      } catch (error) {
        const about = { requestId, error: messageOf(error) };
        const message = 'an asynchronous event could not be processed and is tried again';
        if (attempt === 0) this.#runtime.warn('lambda', message, about);
      }
      await this.#runtime.clock.sleep(DESTINATION_WAIT_MS, this.#stopping.signal);
      next = this.#journal.entries.get(requestId);
    }
  }

  async #deliver(first: QueuedEvent): Promise<void> {
    let event: QueuedEvent | undefined = first;
    while (event && !this.#stopping.signal.aborted) {
      await this.#runtime.clock.sleep(event.dueAt - this.#runtime.clock.now(), this.#stopping.signal);
      await this.#enter();
      try {
        if (this.#stopping.signal.aborted) return;
        event = event.deliveries ? await this.#handOver(event, event.deliveries) : await this.#attempt(event);
      } finally {
        this.#leave();
      }
    }
  }

  async #attempt(event: QueuedEvent): Promise<QueuedEvent | undefined> {
    const target = this.#target(event.functionArn);
    if (!target) throw new Error(`The template has no function ${event.functionArn} any more.`);
    const age = (target.config.eventAgeSeconds ?? DEFAULT_EVENT_AGE_SECONDS) * 1000;
    if (this.#runtime.clock.now() - event.acceptedAt > age) return this.#finish(event, target, 'EventAgeExceeded');
    let result: InvokeResult;
    try {
      result = await target.invoke(event.requestId, event.payload);
    } catch (error) {
      if (!(error instanceof InvokeRefused)) throw error;
      const wait = Math.min(THROTTLE_WAIT_MS * 2 ** event.throttles, LONGEST_THROTTLE_WAIT_MS);
      return this.#later({ ...event, throttles: event.throttles + 1 }, wait);
    }
    const attempts = event.attempts + 1;
    if (!result.functionError) return this.#finish({ ...event, attempts }, target, 'Success', result);
    if (attempts > (target.config.retries ?? DEFAULT_RETRIES)) {
      return this.#finish({ ...event, attempts }, target, 'RetriesExhausted', result);
    }
    return this.#later({ ...event, attempts }, RETRY_WAITS_MS[attempts - 1] ?? 0);
  }

  async #later(event: QueuedEvent, waitMs: number): Promise<QueuedEvent> {
    const next = { ...event, dueAt: this.#runtime.clock.now() + waitMs };
    await this.#journal.put(event.requestId, next);
    return next;
  }

  async #finish(
    event: QueuedEvent,
    target: AsyncTarget,
    condition: Condition,
    result?: InvokeResult,
  ): Promise<QueuedEvent | undefined> {
    const deliveries = this.#deliveries(event, target, condition, result);
    if (deliveries.length === 0) {
      if (condition !== 'Success') {
        this.#runtime.warn('lambda', 'an asynchronous event was dropped: its function has no on-failure destination', {
          function: event.functionArn,
          requestId: event.requestId,
          condition,
        });
      }
      this.#journal.drop(event.requestId);
      return undefined;
    }
    const next = { ...event, deliveries };
    await this.#journal.put(event.requestId, next);
    return next;
  }

  async #handOver(event: QueuedEvent, deliveries: readonly Delivery[]): Promise<QueuedEvent | undefined> {
    for (const delivery of deliveries) {
      try {
        await this.#runtime.deliver(delivery);
      } catch (error) {
        this.#runtime.warn('lambda', `${delivery.targetArn} did not take an invocation record; it is tried again`, {
          error: messageOf(error),
        });
        return this.#later(event, DESTINATION_WAIT_MS);
      }
    }
    this.#journal.drop(event.requestId);
    return undefined;
  }

  #deliveries(event: QueuedEvent, target: AsyncTarget, condition: Condition, result?: InvokeResult): Delivery[] {
    const by = { principal: 'lambda.amazonaws.com', sourceArn: event.functionArn };
    const destination = condition === 'Success' ? target.config.onSuccess : target.config.onFailure;
    const deliveries: Delivery[] = [];
    if (destination) {
      deliveries.push({
        targetArn: destination,
        body: JSON.stringify(invocationRecord(event, condition, this.#runtime.clock.now(), result)),
        by,
      });
    }
    if (target.deadLetterArn && condition !== 'Success') {
      const error = result ? (JSON.parse(result.payload) as { errorMessage?: string }) : {};
      const attributes = {
        RequestID: event.requestId,
        ErrorCode: '200',
        ErrorMessage: error.errorMessage ?? condition,
      };
      deliveries.push({ targetArn: target.deadLetterArn, body: event.payload, attributes, by });
    }
    return deliveries;
  }

  async #enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free += 1;
  }
}
