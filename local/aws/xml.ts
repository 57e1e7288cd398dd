/** The little XML that AWS's older protocols speak: elements and text. Attributes are read over, DTDs are refused. */

export interface Element {
  readonly name: string;
  readonly children: readonly Element[];
  readonly text: string;
}

export class XmlFault extends Error {
  override readonly name = 'XmlFault';
}

const TOKEN =
  /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([A-Za-z_][\w:.-]*)([^<>]*?)(\/?)>|([^<]+)/y;
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
/** Deeper than any request of S3. */
const DEPTH = 16;

interface Open {
  readonly name: string;
  readonly children: Element[];
  text: string;
}

/** The root element. */
export function parseXml(source: string): Element {
  const stack: Open[] = [{ name: '', children: [], text: '' }];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source);
    if (!match) throw new XmlFault('The XML is not well-formed.');
    take(stack, match);
  }
  const [document] = stack;
  const root = document?.children[0];
  if (stack.length !== 1 || !root || document.children.length !== 1 || document.text.trim() !== '') {
    throw new XmlFault('The XML is not one whole element.');
  }
  return root;
}

function take(stack: Open[], [, cdata, closing, name, , selfClosing, text]: RegExpExecArray): void {
  const top = stack.at(-1)!;
  if (cdata !== undefined) top.text += cdata;
  if (text !== undefined) top.text += unescapeXml(text);
  if (name === undefined) return;
  if (closing) {
    if (top.name !== name || stack.length === 1) throw new XmlFault(`</${name}> closes nothing.`);
    stack.pop();
    stack.at(-1)!.children.push({ ...top, name: local(name) });
    return;
  }
  if (stack.length > DEPTH) throw new XmlFault('The XML is nested too deeply.');
  if (selfClosing) top.children.push({ name: local(name), children: [], text: '' });
  else stack.push({ name, children: [], text: '' });
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function unescapeXml(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/&([^;]*);?/g, (whole, reference: string) => {
    const code = /^#x([0-9a-f]+)$/i.exec(reference)?.[1] ?? /^#(\d+)$/.exec(reference)?.[1];
    if (code === undefined && whole.endsWith(';') && Object.hasOwn(NAMED, reference)) return NAMED[reference]!;
    const point = Number.parseInt(code ?? '', reference.startsWith('#x') || reference.startsWith('#X') ? 16 : 10);
    if (!whole.endsWith(';') || !(point > 0 && point <= 0x10ffff)) throw new XmlFault(`Unknown entity ${whole}.`);
    return String.fromCodePoint(point);
  });
}

export function child(element: Element, name: string): Element | undefined {
  return element.children.find((candidate) => candidate.name === name);
}

export function childText(element: Element, name: string): string | undefined {
  return child(element, name)?.text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  '\r': '&#13;',
};

function escapeXml(text: string): string {
  return text.replace(/[<>&"\r]/g, (character) => ESCAPES[character]!);
}

/** Content of an element: text, elements by name (a list repeats the name; undefined leaves it out). */
export type Content = string | number | boolean | { readonly [name: string]: Content | readonly Content[] | undefined };

export function xml(name: string, content: Content, namespace?: string): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(name, content, attribute)}`;
}

function element(name: string, content: Content, attribute = ''): string {
  if (typeof content !== 'object') return `<${name}${attribute}>${escapeXml(String(content))}</${name}>`;
  const inner = Object.entries(content).map(([key, value]) => {
    if (value === undefined) return '';
    return isList(value) ? value.map((item) => element(key, item)).join('') : element(key, value);
  });
  return `<${name}${attribute}>${inner.join('')}</${name}>`;
}

function isList(value: Content | readonly Content[]): value is readonly Content[] {
  return Array.isArray(value);
}
