// ArcSight's Common Event Format.
import { visible } from '../../../core/visible.ts';
import type { Found } from '../../search/port.ts';
import { inChunks } from '../chunks.ts';
import type { ExportFormat, ExportHeader } from '../format.ts';
import { actorName, contextOf, type EventFields, GRADES, integrityOf, PRODUCT, textOf } from './event.ts';

/** ArcSight's Common Event Format, version 0 (Implementing ArcSight CEF, revision 25): an event a line, in UTF-8. */
export const CEF: ExportFormat = {
  name: 'cef',
  extension: 'cef',
  contentType: 'text/plain; charset=utf-8',
  maxRows: 1_000_000,
  write: (_header: ExportHeader, rows: AsyncIterable<Found>) => inChunks(lines(rows)),
};

async function* lines(rows: AsyncIterable<Found>): AsyncGenerator<string, void, undefined> {
  for await (const row of rows) yield `${cefEvent(row)}\n`;
}

function cefEvent(row: Found): string {
  const { action, description, severity } = row.entry;
  const header = [PRODUCT.vendor, PRODUCT.name, PRODUCT.version, action, description, String(GRADES[severity])];
  const extension = Object.entries(fieldsOf(row)).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${extensionValue(value)}`],
  );
  return `CEF:0|${header.map(headerValue).join('|')}|${extension.join(' ')}`;
}

/** Section "Character encoding": pipes and backslashes are escaped in the header, and a line's end is a blank. */
const headerValue = (text: string): string => visible(text.replace(/\r\n|\r|\n/g, ' ')).replace(/[\\|]/g, '\\$&');

/** In the extension, equal signs and backslashes are, and lines may end. Other control characters are spelled out. */
const extensionValue = (text: string): string =>
  text
    .split(/(\r\n|\n|\r)/)
    .map((part, i) => (i % 2 === 0 ? visible(part).replace(/[\\=]/g, '\\$&') : part === '\r' ? '\\r' : '\\n'))
    .join('');

function fieldsOf(row: Found): EventFields {
  const { entry } = row;
  const { actor, source = {}, target } = entry;
  const occurred = String(Date.parse(entry.occurredAt));
  const { chain, position, leafHash, link } = integrityOf(row);
  return {
    rt: occurred,
    start: occurred,
    deviceCustomDate1: String(row.recordedAt),
    deviceCustomDate1Label: 'recorded at',
    externalId: entry.id,
    cat: entry.category,
    outcome: entry.outcome,
    act: entry.action,
    suid: actor.id,
    suser: actorName(entry),
    spriv: actor.role,
    src: isV4(source.ip) ? source.ip : undefined,
    c6a2: isV4(source.ip) ? undefined : source.ip,
    ...labelled('c6a2', 'source address', isV4(source.ip) ? undefined : source.ip),
    requestClientApplication: source.userAgent,
    ...custom(1, 'target type', target?.type),
    ...custom(2, 'target', target?.id),
    ...custom(3, 'target name', target?.name),
    ...custom(4, 'leaf hash', leafHash),
    ...custom(5, 'link', link),
    ...custom(6, 'tenant', entry.tenant),
    cn1: chain,
    ...labelled('cn1', 'chain', chain),
    cn2: position,
    ...labelled('cn2', 'position', position),
    ...flex(1, 'before', textOf(entry.change?.before)),
    ...flex(2, 'after', textOf(entry.change?.after)),
    ...own({ ...contextOf(entry), targetReference: target?.reference }),
  };
}

/** Keys that the dictionary has not: vendor, product and name (section "User-defined extensions"). */
const OWN_PREFIX = 'IndelibleAuditTrail';
const own = (fields: EventFields): EventFields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [`${OWN_PREFIX}${name[0]!.toUpperCase()}${name.slice(1)}`, value]),
  );

const isV4 = (ip: string | undefined): boolean => ip?.includes('.') === true && !ip.includes(':');
const labelled = (name: string, label: string, value: string | undefined): EventFields =>
  value === undefined ? {} : { [`${name}Label`]: label };
const custom = (n: number, label: string, value: string | undefined): EventFields =>
  value === undefined ? {} : { [`cs${n}`]: value, [`cs${n}Label`]: label };
const flex = (n: number, label: string, value: string | undefined): EventFields =>
  value === undefined ? {} : { [`flexString${n}`]: value, [`flexString${n}Label`]: label };
