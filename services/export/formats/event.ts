// What the formats for SIEMs share: names, grades, and the fields that bind an event to its chain.
import type { Entry, Severity } from '../../../core/entry/schema.ts';
import type { Found } from '../../search/port.ts';

/** What every format for SIEMs says of an entry, under names of its own. Absent where the entry has no such thing. */
export interface EventFields {
  readonly [name: string]: string | undefined;
}

/** What says that a vendor's product speaks, in every format. */
export const PRODUCT = { vendor: 'Indelible', name: 'Audit Trail', version: '1' } as const;

/** CEF and LEEF grade from 0 to 10. */
export const GRADES: Readonly<Record<Severity, number>> = { critical: 10, high: 8, medium: 5, low: 3, info: 1 };

/** RFC 5424, section 6.2.1: what a severity is to syslog; critical, error, warning, notice, informational. */
export const SYSLOG_SEVERITIES: Readonly<Record<Severity, number>> = {
  critical: 2,
  high: 3,
  medium: 4,
  low: 5,
  info: 6,
};

/** Text that is there, or the JSON of what is. */
export const textOf = (value: unknown): string | undefined =>
  value === undefined || typeof value === 'string' ? value : JSON.stringify(value);

/** Who acted, as people know them. */
export const actorName = ({ actor }: Entry): string | undefined =>
  actor.name ?? actor.sessionName ?? actor.email ?? actor.id;

/** What binds an entry to its chain: whoever gets the events sees by the positions whether one is missing. */
export const integrityOf = ({ chain, position, leafHash, link }: Found): EventFields => ({
  chain: String(chain),
  position: String(position),
  leafHash,
  link,
});

/** Everything that ties the event to others of the same work; each has a name of its own in every format. */
export const contextOf = ({ context = {} }: Entry): EventFields => ({
  requestId: context.requestId,
  sessionId: context.sessionId,
  correlationId: context.correlationId,
  traceId: context.traceId,
  parentId: context.parentId,
});
