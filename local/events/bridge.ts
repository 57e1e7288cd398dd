/**
 * Event buses, their rules, and what is on its way to targets.
 *
 * Promise: an accepted event is on disk (fsync, shared by what arrives together) with every target that it matched, before the
 * caller is answered. It stays there until each target took it or its dead-letter queue did, over restarts and SIGKILL; a
 * target may see an event twice, as on AWS.
 */
import { randomUUID } from 'node:crypto';
import { Journal } from '../journal.ts';
import { persistently } from '../persistently.ts';
import type { Delivery, RuntimeContext } from '../template/provisioner.ts';
import { deliverEvent, type Pending } from './delivery.ts';
import { type EventEnvelope, seconds } from './envelope.ts';
import { DEFAULT_BUS, type Rule } from './rule.ts';

/** Attempts that run at once. Events that wait for their next attempt don't count: a broken target must not hold up the others. */
const CONCURRENCY = 64;

export class EventBridge {
  readonly buses = new Set([DEFAULT_BUS]);
  readonly #rules = new Map<string, Rule>();
  readonly #context: RuntimeContext;
  readonly #journal: Journal<Pending>;
  readonly #abort = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #queued: (() => void)[] = [];
  #attempts = 0;

  private constructor(context: RuntimeContext, journal: Journal<Pending>) {
    this.#context = context;
    this.#journal = journal;
  }

  static async open(path: string, context: RuntimeContext): Promise<EventBridge> {
    return new EventBridge(context, await Journal.open<Pending>(path));
  }

  addRule(rule: Rule): void {
    this.#rules.set(rule.arn, rule);
  }

  rules(bus: string): Rule[] {
    return [...this.#rules.values()].filter((rule) => rule.bus === bus);
  }

  /** Resolves when the event is on disk for every target that it matches; their number. */
  async accept(bus: string, event: EventEnvelope): Promise<number> {
    const matching = this.rules(bus).filter((rule) => rule.enabled && rule.matches?.(event));
    return this.#enqueue(matching, event);
  }

  async #enqueue(rules: readonly Rule[], event: EventEnvelope): Promise<number> {
    const acceptedAt = this.#context.clock.now();
    const items = rules.flatMap((rule) => {
      return rule.targets.map((target): [string, Pending] => [
        `${event.id} ${rule.arn} ${target.id}`,
        { ruleArn: rule.arn, targetId: target.id, acceptedAt, event },
      ]);
    });
    await Promise.all(items.map(([key, pending]) => this.#journal.put(key, pending)));
    for (const [key, pending] of items) this.#track(this.#deliver(key, pending));
    return items.length;
  }

  /** What an earlier run accepted and did not finish goes out first. */
  start(): void {
    for (const [key, pending] of [...this.#journal.entries]) this.#track(this.#deliver(key, pending));
    for (const rule of this.#rules.values()) if (rule.enabled && rule.schedule) this.#track(this.#runSchedule(rule));
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.all(this.#running);
  }

  async close(): Promise<void> {
    await this.#journal.close();
  }

  /** Runs one attempt when its turn comes. */
  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    if (this.#attempts >= CONCURRENCY) await new Promise<void>((resolve) => this.#queued.push(resolve));
    this.#attempts++;
    try {
      return await work();
    } finally {
      this.#attempts--;
      this.#queued.shift()?.();
    }
  }

  async #deliver(key: string, pending: Pending): Promise<void> {
    const rule = this.#rules.get(pending.ruleArn);
    const target = rule?.targets.find((one) => one.id === pending.targetId);
    if (!rule || !target) {
      this.#context.warn('events', 'an event from an earlier run was dropped: the template no longer has its target', {
        rule: pending.ruleArn,
        target: pending.targetId,
        event: pending.event.id,
      });
      this.#journal.drop(key);
      return;
    }
    const context = {
      ...this.#context,
      deliver: (message: Delivery) => this.#attempt(() => this.#context.deliver(message)),
    };
    if (await deliverEvent(pending, rule, target, context, this.#abort.signal)) this.#journal.drop(key);
  }

  async #runSchedule(rule: Rule): Promise<void> {
    const { clock, region, account } = this.#context;
    const { signal } = this.#abort;
    for (let at = rule.schedule?.(clock.now()); at !== undefined; at = rule.schedule?.(at)) {
      while (!signal.aborted && clock.now() < at) await clock.sleep(at - clock.now(), signal);
      if (signal.aborted) return;
      const event: EventEnvelope = {
        version: '0',
        id: randomUUID(),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account,
        time: seconds(at),
        region,
        resources: [rule.arn],
        detail: {},
      };
      const about = { context: this.#context, part: 'events', what: `an occasion of ${rule.arn}`, signal };
      await persistently(async () => void (await this.#enqueue([rule], event)), about);
    }
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error) => this.#context.warn('events', 'a delivery ended unexpectedly', { error: String(error) }))
      .finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }
}
