// Exports as XML.
import { isJsonObject, type JsonValue } from '../../../core/json/value.ts';
import type { Found } from '../../search/port.ts';
import { inChunks } from '../chunks.ts';
import type { ExportFormat, ExportHeader } from '../format.ts';

/** XML 1.0 in UTF-8; docs/export-formats.md, "XML", says how an entry's members become elements. */
export const XML: ExportFormat = {
  name: 'xml',
  extension: 'xml',
  contentType: 'application/xml',
  maxRows: 1_000_000,
  write: (header: ExportHeader, rows: AsyncIterable<Found>) => inChunks(pieces(header, rows)),
};

async function* pieces(header: ExportHeader, rows: AsyncIterable<Found>): AsyncGenerator<string, void, undefined> {
  const { fields: _, ...said } = header;
  const attributes = Object.entries(said).map(([name, value]) => ` ${name}="${attribute(String(value))}"`);
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<export${attributes.join('')}>\n`;
  for await (const { entry, chain, position, leafHash, link } of rows) {
    const place = `chain="${chain}" position="${position}" leafHash="${leafHash}" link="${link}"`;
    yield `<entry ${place}>${membersOf(entry as unknown as Readonly<Record<string, JsonValue>>)}</entry>\n`;
  }
  yield '</export>\n';
}

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

function membersOf(object: Readonly<Record<string, JsonValue>>): string {
  return Object.entries(object)
    .map(([name, value]) =>
      // A name that is none in XML, or that XML keeps for itself, goes into an attribute.
      NAME.test(name) && !/^xml/i.test(name)
        ? element(name, '', value)
        : element('member', ` name="${attribute(name)}"`, value),
    )
    .join('');
}

function element(tag: string, attributes: string, value: JsonValue): string {
  if (typeof value === 'string') return `<${tag}${attributes}>${text(value)}</${tag}>`;
  if (value === null) return `<${tag}${attributes} type="null"/>`;
  if (Array.isArray(value)) {
    return `<${tag}${attributes} type="list">${value.map((item) => element('item', '', item)).join('')}</${tag}>`;
  }
  if (isJsonObject(value)) return `<${tag}${attributes} type="object">${membersOf(value)}</${tag}>`;
  return `<${tag}${attributes} type="${typeof value}">${value}</${tag}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** What XML 1.0 (section 2.2) has no place for, not even escaped, is shown as U+FFFD; the entry's bytes have it. */
const FORBIDDEN = /[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu;

const text = (value: string): string =>
  value
    .toWellFormed()
    .replace(FORBIDDEN, '\ufffd')
    .replace(/[&<>"\r]/g, (one) => ENTITIES[one]!);

/** Where blanks of all kinds would become the same one. */
const attribute = (value: string): string => text(value).replace(/[\t\n]/g, (one) => (one === '\t' ? '&#9;' : '&#10;'));
