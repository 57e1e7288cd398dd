// What a part of the demo's month tells, entry by entry, with identifiers that depend on the seed and the place alone.
import type { EntryInput } from '../../core/entry/schema.ts';
import type { Period } from './period.ts';
import { type Random, randomOf } from './random.ts';

/** An entry without what the story gives it. */
export type Scene = Omit<EntryInput, 'id' | 'v' | 'tenant' | 'occurredAt'>;

export type Told = EntryInput & { readonly id: string; readonly occurredAt: string };

export interface Telling {
  readonly period: Period;
  /** Stands for the seed and the size in every id. */
  readonly tag: string;
  readonly seed: string;
}

/** Each part has random numbers of its own, so that a change of one part leaves the others as they are. */
export class Story {
  readonly period: Period;
  readonly random: Random;
  readonly told: Told[] = [];
  readonly #prefix: string;

  constructor(name: string, { period, tag, seed }: Telling) {
    this.period = period;
    this.random = randomOf(`${seed}/${name}`);
    this.#prefix = `demo-${tag}-${name}`;
  }

  /** Tells what happened at a time (epoch milliseconds) and answers the entry's id, for what it caused. */
  tell(at: number, scene: Scene): string {
    const id = `${this.#prefix}-${this.told.length + 1}`;
    const { action, ...rest } = scene;
    this.told.push({ id, action, occurredAt: new Date(at).toISOString(), ...rest });
    return id;
  }

  /** A moment of work at a day of the period, from 9:00 to 16:59. */
  working(day: number): number {
    const { random, period } = this;
    return period.at(period.workday(day), random.int(9, 16), random.int(0, 59)) + random.int(0, 59_999);
  }

  /** What a request of an application carries along; of a session where there is one. */
  context(channel: 'ui' | 'api' | 'automation', sessionId?: string): NonNullable<EntryInput['context']> {
    const { random } = this;
    return {
      channel,
      requestId: `req-${random.hex(12)}`,
      traceId: `1${random.hex(31)}`,
      responseTimeMs: random.int(8, 900),
      ...(sessionId !== undefined && { sessionId }),
    };
  }
}
