// Puts CloudTrail's records on the application's event bus.
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventPublisher, OutgoingEvent } from '../../adapters/eventbridge/publisher.ts';
import { CommandError, EXIT } from '../exit.ts';
import { isInsight } from './classify.ts';
import type { Line } from './lines.ts';
import type { Outcome } from './outcome.ts';

/** PutEvents takes at most ten events. */
export const EVENTS_PER_CALL = 10;
const SOURCE = 'indelible.send';
const DETAIL_TYPE = 'AWS API Call via CloudTrail';
const INSIGHT = 'AWS Insight via CloudTrail';
const MAX_ATTEMPTS = 6;
/** What EventBridge answers for one event that it could not take just now. */
const TRANSIENT = new Set(['ThrottlingException', 'InternalFailure', 'InternalException']);

type Sent = Pick<Line, 'text' | 'place'>;

/** Sends raw CloudTrail records through the application's bus, since AWS refuses the source `aws.*` from anyone else. */
export class EventSender {
  readonly #publisher: EventPublisher;
  readonly #resources: readonly string[];
  readonly #outcome: Outcome;

  constructor(publisher: EventPublisher, tenant: string, outcome: Outcome) {
    this.#publisher = publisher;
    this.#resources = [`urn:indelible:tenant:${tenant}`];
    this.#outcome = outcome;
  }

  async send(lines: readonly Sent[], attempt = 1): Promise<void> {
    if (lines.length === 0) return;
    const verdicts = await this.#publish(lines);
    const again: Sent[] = [];
    for (const [index, line] of lines.entries()) {
      const verdict = verdicts[index];
      if (verdict === null) this.#outcome.publish(1);
      else if (verdict === undefined)
        throw new Error(`EventBridge answered ${verdicts.length} verdicts for ${lines.length} events`);
      else if (TRANSIENT.has(verdict.code) && attempt < MAX_ATTEMPTS) again.push(line);
      else this.#outcome.refuse(line, `${verdict.code}: ${verdict.message}`);
    }
    if (again.length === 0) return;
    await sleep(2 ** attempt * 100);
    await this.send(again, attempt + 1);
  }

  async #publish(lines: readonly Sent[]) {
    try {
      return await this.#publisher.publish(lines.map((line) => this.#wrap(line)));
    } catch (error) {
      throw new CommandError(
        EXIT.unreachable,
        `EventBridge did not take the events: ${(error as Error).message}; check --aws-url and --bus`,
        { cause: error },
      );
    }
  }

  #wrap(line: Sent): OutgoingEvent {
    const record = JSON.parse(line.text) as Readonly<Record<string, unknown>>;
    const { eventTime } = record;
    const time = new Date(typeof eventTime === 'string' ? eventTime : Number.NaN);
    return {
      source: SOURCE,
      detailType: isInsight(record) ? INSIGHT : DETAIL_TYPE,
      detail: line.text,
      time: Number.isNaN(time.getTime()) ? new Date() : time,
      resources: this.#resources,
    };
  }
}
