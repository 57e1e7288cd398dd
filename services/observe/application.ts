// Entries of events that applications put on the bus.
import type { EntryInput } from '../../core/entry/schema.ts';
import { MAX_DESCRIPTION, MAX_IDENTIFIER } from '../../core/entry/schema.ts';
import type { JsonObject } from '../../core/json/value.ts';
import type { BusEvent } from './event.ts';
import { actionCode, defined, plainText } from './text.ts';

/** The detail of such an event is an entry as POST /v1/entries takes it. */
const NATIVE_DETAIL_TYPE = 'Audit Entry';

export function isNative(event: BusEvent): boolean {
  return event.detailType === NATIVE_DETAIL_TYPE;
}

/** Nothing is guessed: what the entry lacks, except its time and its id, is refused as it would be over HTTPS. */
export function mapNative(event: BusEvent, id: string): JsonObject {
  return { id, occurredAt: new Date(event.time).toISOString(), ...event.detail };
}

/** Any other event of an application: recorded as news of its source, `com.acme.orders` / `Order Placed`. */
export function mapApplication(event: BusEvent): EntryInput {
  return defined<EntryInput>({
    action: actionCode(event.source, event.detailType),
    category: 'application',
    outcome: 'unknown',
    severity: 'info',
    description: plainText(`${event.source}: ${event.detailType}`, MAX_DESCRIPTION),
    occurredAt: new Date(event.time).toISOString(),
    actor: { type: 'service', id: plainText(event.source, MAX_IDENTIFIER) ?? 'application' },
    context: { channel: 'automation' },
  } as EntryInput);
}
