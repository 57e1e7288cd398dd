// Publishes events to a bus.
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

export interface OutgoingEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: string;
  readonly time: Date;
  readonly resources: readonly string[];
}

/** Why EventBridge refused one event; null for one that it accepted. */
export type Refusal = { readonly code: string; readonly message: string } | null;

/** Publishes events to one bus. At least once: an answer that is lost leaves events that were taken. */
export class EventPublisher {
  readonly #client: EventBridgeClient;
  readonly #bus: string;

  constructor(bus: string, endpoint: URL | undefined) {
    this.#bus = bus;
    this.#client = new EventBridgeClient(endpoint === undefined ? {} : localOptions(endpoint));
  }

  /** Answers one verdict an event, in order. Throws when the call as a whole fails. */
  async publish(events: readonly OutgoingEvent[]): Promise<Refusal[]> {
    const answer = await this.#client.send(
      new PutEventsCommand({
        Entries: events.map((event) => ({
          EventBusName: this.#bus,
          Source: event.source,
          DetailType: event.detailType,
          Detail: event.detail,
          Time: event.time,
          Resources: [...event.resources],
        })),
      }),
    );
    return (answer.Entries ?? []).map((entry) =>
      entry.ErrorCode === undefined ? null : { code: entry.ErrorCode, message: entry.ErrorMessage ?? '' },
    );
  }
}

/** An explicit endpoint is a runtime on this machine, which takes any well-formed credentials. */
function localOptions(endpoint: URL) {
  return {
    endpoint: endpoint.href,
    region: process.env.AWS_REGION ?? 'us-east-1',
    credentials: { accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? 'local', secretAccessKey: 'local' },
  };
}
