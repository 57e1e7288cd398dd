// Syslog messages of RFC 5424.
import { visible } from '../../../core/visible.ts';
import type { Found } from '../../search/port.ts';
import { inChunks } from '../chunks.ts';
import type { ExportFormat, ExportHeader } from '../format.ts';
import { actorName, contextOf, type EventFields, integrityOf, SYSLOG_SEVERITIES } from './event.ts';

/** RFC 5424: a message a line, in UTF-8, ended by LF as in a file (RFC 6587, section 3.4.2, without the transport). */
export const SYSLOG: ExportFormat = {
  name: 'syslog',
  extension: 'log',
  contentType: 'text/plain; charset=utf-8',
  maxRows: 1_000_000,
  write: (_header: ExportHeader, rows: AsyncIterable<Found>) => inChunks(lines(rows)),
};

/** Section 6.2.1: log audit. */
const FACILITY = 13;
const APP = 'indelible';
/** Section 6.3.2: names without an enterprise number are IANA's; 32473 is RFC 5612's, for whoever has none. */
const ENTERPRISE = '32473';
const BOM = '\ufeff';
/** Section 6: what a message id may hold. */
const MAX_MESSAGE_ID = 32;

async function* lines(rows: AsyncIterable<Found>): AsyncGenerator<string, void, undefined> {
  for await (const row of rows) yield `${syslogMessage(row)}\n`;
}

function syslogMessage(row: Found): string {
  const { entry } = row;
  const priority = FACILITY * 8 + SYSLOG_SEVERITIES[entry.severity];
  const header = `<${priority}>1 ${entry.occurredAt} ${entry.tenant} ${APP} - ${entry.action.slice(0, MAX_MESSAGE_ID)}`;
  const data = element('entry', whatOf(row)) + element('integrity', integrityOf(row));
  return `${header} ${data} ${BOM}${oneLine(entry.description)}`;
}

/** A line's end is a blank, and every other control character is spelled out: no octet below 32 is left. */
const oneLine = (text: string): string => visible(text.replace(/[\r\n]+/g, ' '));

/** Section 6.3.3: in a value, the quotation mark, the backslash and the closing bracket are escaped, and nothing else. */
function element(name: string, fields: EventFields): string {
  const parameters = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${oneLine(value).replace(/[\\"\]]/g, '\\$&')}"`],
  );
  return `[${name}@${ENTERPRISE}${parameters.join('')}]`;
}

function whatOf({ entry }: Found): EventFields {
  const { actor, source = {}, target } = entry;
  return {
    id: entry.id,
    action: entry.action,
    category: entry.category,
    outcome: entry.outcome,
    severity: entry.severity,
    recordedAt: entry.recordedAt,
    actorType: actor.type,
    actorId: actor.id,
    actor: actorName(entry),
    role: actor.role,
    ip: source.ip,
    targetType: target?.type,
    targetId: target?.id,
    target: target?.name,
    targetReference: target?.reference,
    ...contextOf(entry),
  };
}
