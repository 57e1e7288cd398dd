// Exports as events of OCSF.
import type { Entry, Severity } from '../../../core/entry/schema.ts';
import type { Found } from '../../search/port.ts';
import { inChunks } from '../chunks.ts';
import type { ExportFormat, ExportHeader } from '../format.ts';
import { integrityOf, PRODUCT } from './event.ts';
import { type OcsfClass, ocsfClassOf } from './ocsf-class.ts';

/** Open Cybersecurity Schema Framework 1.8.0: an event a line. docs/export-formats.md, "OCSF", has the mapping. */
export const OCSF: ExportFormat = {
  name: 'ocsf',
  extension: 'ndjson',
  contentType: 'application/x-ndjson',
  maxRows: 1_000_000,
  write: (_header: ExportHeader, rows: AsyncIterable<Found>) => inChunks(lines(rows)),
};

async function* lines(rows: AsyncIterable<Found>): AsyncGenerator<string, void, undefined> {
  for await (const row of rows) yield `${JSON.stringify(ocsfEvent(row))}\n`;
}

const VERSION = '1.8.0';
const SEVERITY_IDS: Readonly<Record<Severity, number>> = { info: 1, low: 2, medium: 3, high: 4, critical: 5 };
const SEVERITY_NAMES = ['Unknown', 'Informational', 'Low', 'Medium', 'High', 'Critical'];
const STATUS_IDS: Readonly<Record<Entry['outcome'], number>> = { unknown: 0, success: 1, failure: 2, denied: 2 };
const STATUS_NAMES = ['Unknown', 'Success', 'Failure'];
/** OCSF's types of users. */
const USER_TYPES: Readonly<Record<Entry['actor']['type'], number>> = {
  user: 1,
  service: 4,
  system: 3,
  anonymous: 0,
  external: 99,
};

type Members = Readonly<Record<string, unknown>>;

/** One entry as an event of the class that its category and action say. */
function ocsfEvent(row: Found): Members {
  const { entry } = row;
  const kind = ocsfClassOf({ ...entry, channel: entry.context?.channel });
  const severity = SEVERITY_IDS[entry.severity];
  const status = STATUS_IDS[entry.outcome];
  return pruned({
    ...{ category_uid: kind.category, class_uid: kind.uid, class_name: kind.name, activity_id: kind.activity },
    ...{
      activity_name: kind.activityName,
      type_uid: kind.uid * 100 + kind.activity,
      time: Date.parse(entry.occurredAt),
    },
    ...{ severity_id: severity, severity: SEVERITY_NAMES[severity], status_id: status, status: STATUS_NAMES[status] },
    ...{ status_detail: entry.outcome, message: entry.description, metadata: metadataOf(row) },
    ...membersOf(entry, kind),
    unmapped: unmappedOf(row),
  });
}

function metadataOf({ entry, position, recordedAt }: Found): Members {
  return {
    ...{ version: VERSION, uid: entry.id, sequence: position, logged_time: recordedAt, tenant_uid: entry.tenant },
    product: { name: PRODUCT.name, vendor_name: PRODUCT.vendor, version: PRODUCT.version },
    ...{ event_code: entry.action, log_name: entry.category, correlation_uid: entry.context?.correlationId },
  };
}

function membersOf(entry: Entry, { has }: OcsfClass): Members {
  const { source = {}, target, context = {} } = entry;
  const all: Members = {
    actor: { user: userOf(entry), session: context.sessionId && { uid: context.sessionId } },
    user: has.includes('user')
      ? target?.type === 'user'
        ? { uid: target.id, name: target.name ?? target.id }
        : userOf(entry)
      : undefined,
    service: { name: entry.recorder.name ?? entry.recorder.id },
    entity: {
      type: target?.type,
      uid: target?.id,
      name: target?.name ?? target?.reference ?? target?.id ?? target?.type,
      data: target?.id === undefined ? target?.reference : undefined,
    },
    api: { operation: entry.action, request: context.requestId && { uid: context.requestId } },
    resources: target && [{ type: target.type, uid: target.id, name: target.name ?? target.reference }],
    src_endpoint: endpointOf(source),
    http_request: source.userAgent && { user_agent: source.userAgent },
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => has.includes(name)));
}

function userOf({ actor }: Entry): Members {
  return {
    ...{ uid: actor.id, name: actor.name ?? actor.sessionName ?? actor.id ?? actor.type, email_addr: actor.email },
    ...{ type: actor.type, type_id: USER_TYPES[actor.type] },
  };
}

/** An endpoint says something of itself: where nothing is known of it, that is what it says. */
function endpointOf({ ip, forwardedFor, geo }: NonNullable<Entry['source']>): Members {
  if (ip === undefined) return { name: 'unknown' };
  const { country, region, city, lat, lon } = geo ?? {};
  const location = geo && { country, region, city, lat, long: lon };
  return {
    ip,
    intermediate_ips: forwardedFor,
    location: country?.length === 2 ? location : geo && { region, city, lat, long: lon },
  };
}

/** What the schema has no place for; the chain's fields show a gap to whoever gets the events. */
function unmappedOf(row: Found): Members {
  const { change, metadata, related, redacted, late, recorder, actor, source, context, target } = row.entry;
  return {
    ...{ indelible: integrityOf(row), target, change, related, metadata, redacted, late, recorder, context },
    ...{ role: actor.role, on_behalf_of: actor.onBehalfOf, device: source?.device },
  };
}

/** Without members that are undefined, and without objects that have none then. */
function pruned(members: Members): Members {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]): [string, unknown][] => {
      if (value === undefined || value === '') return [];
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return [
          [name, Array.isArray(value) && name === 'resources' ? value.map((one: Members) => pruned(one)) : value],
        ];
      }
      const inside = name === 'unmapped' ? defined(value as Members) : pruned(value as Members);
      return Object.keys(inside).length === 0 ? [] : [[name, inside]];
    }),
  );
}

/** What is the application's stays as it is. */
const defined = (members: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
