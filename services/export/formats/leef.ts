// IBM's Log Event Extended Format.
import { visible } from '../../../core/visible.ts';
import type { Found } from '../../search/port.ts';
import { inChunks } from '../chunks.ts';
import type { ExportFormat, ExportHeader } from '../format.ts';
import { actorName, contextOf, type EventFields, GRADES, integrityOf, PRODUCT, textOf } from './event.ts';

/** IBM's Log Event Extended Format, version 2.0, for QRadar: an event a line, attributes with tabs between them. */
export const LEEF: ExportFormat = {
  name: 'leef',
  extension: 'leef',
  contentType: 'text/plain; charset=utf-8',
  maxRows: 1_000_000,
  write: (_header: ExportHeader, rows: AsyncIterable<Found>) => inChunks(lines(rows)),
};

async function* lines(rows: AsyncIterable<Found>): AsyncGenerator<string, void, undefined> {
  for await (const row of rows) yield `${leefEvent(row)}\n`;
}

/** How the header names the delimiter that stands between the attributes: a tab. */
const DELIMITER = { named: 'x09', itself: '\t' } as const;
const TIME_FORMAT = "yyyy-MM-dd'T'HH:mm:ss.SSSX";

function leefEvent(row: Found): string {
  const header = [PRODUCT.vendor, PRODUCT.name, PRODUCT.version, row.entry.action, DELIMITER.named];
  const attributes = Object.entries(fieldsOf(row)).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${attributeValue(value)}`],
  );
  return `LEEF:2.0|${header.map(headerValue).join('|')}|${attributes.join(DELIMITER.itself)}`;
}

const headerValue = (text: string): string => visible(text.replace(/[|\t\r\n]/g, ' '));

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** The format has no escapes: what would end the value or the event is written as backslash and letter. */
const attributeValue = (text: string): string => visible(text.replace(/[\\\t\n\r]/g, (one) => ESCAPES[one]!));

function fieldsOf(row: Found): EventFields {
  const { entry } = row;
  const { actor, source = {}, target } = entry;
  return {
    devTime: entry.occurredAt,
    devTimeFormat: TIME_FORMAT,
    cat: entry.category,
    sev: String(Math.max(1, GRADES[entry.severity])),
    usrName: actorName(entry),
    identSrc: source.ip,
    src: source.ip,
    role: actor.role,
    id: entry.id,
    tenant: entry.tenant,
    outcome: entry.outcome,
    message: entry.description,
    recordedAt: entry.recordedAt,
    actorType: actor.type,
    actorId: actor.id,
    targetType: target?.type,
    targetId: target?.id,
    targetName: target?.name,
    targetReference: target?.reference,
    userAgent: source.userAgent,
    ...contextOf(entry),
    before: textOf(entry.change?.before),
    after: textOf(entry.change?.after),
    ...integrityOf(row),
  };
}
