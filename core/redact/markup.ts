// Secrets in markup: XML elements by name, Kubernetes Secrets as JSON or YAML, key files in Base64, boot scripts.
import { secretNamed } from './names.ts';
import type { Range } from './ranges.ts';
import { isState } from './states.ts';

const ELEMENT = /<(?:[A-Za-z_][\w.-]{0,63}:)?([A-Za-z_][\w.-]{0,63})(?:\s[^<>]{0,255})?>([^<>]{1,4096})<\//g;

export function findElements(text: string): Range[] {
  const found: Range[] = [];
  for (const match of text.matchAll(ELEMENT)) {
    const [whole, name, value] = match;
    const kind = secretNamed(name!);
    if (kind === undefined || value!.trim() === '' || isState(value!)) continue;
    if (kind === 'user-data' && !isBootScript(value!)) continue;
    const start = match.index + whole.length - value!.length - '</'.length;
    found.push({ start, end: start + value!.length, kind });
  }
  return found;
}

const SECRET_MANIFEST = /(?:^|[\s,{-])["']?kind["']?[ \t]{0,4}:[ \t]{0,4}["']?Secret["']?\s{0,4}(?:[,}\n\r]|$)/;
const JSON_DATA = /"(?:data|stringData)"\s{0,16}:\s{0,16}\{([^{}]{0,60000})\}/g;
const JSON_VALUE = /:\s{0,16}"((?:[^"\\]|\\.){1,60000})"/g;
const YAML_DATA = /^([ \t]*)(?:data|stringData):[ \t]*$/;
const YAML_VALUE = /^\s+[^\s:#]{1,253}:[ \t]+/;

/** Every value of a Kubernetes Secret's `data` and `stringData`, whatever its key is called. */
export function findSecretManifests(text: string): Range[] {
  if (!SECRET_MANIFEST.test(text)) return [];
  const found: Range[] = [];
  for (const { index, 0: whole, 1: body } of text.matchAll(JSON_DATA)) {
    const from = index + whole.length - body!.length - 1;
    for (const value of body!.matchAll(JSON_VALUE)) {
      const end = from + value.index + value[0].length - 1;
      found.push({ start: end - value[1]!.length, end, kind: 'secret' });
    }
  }
  findYamlData(text, found);
  return found;
}

function findYamlData(text: string, found: Range[]): void {
  let offset = 0;
  let indent: number | undefined;
  for (const line of text.split('\n')) {
    const opening = YAML_DATA.exec(line);
    if (opening !== null) indent = opening[1]!.length;
    else if (indent !== undefined && line.trim() !== '') {
      if (line.length - line.trimStart().length <= indent) indent = undefined;
      else addYamlValue(line, offset, found);
    }
    offset += line.length + 1;
  }
}

/** What stands behind the key; a line without a key continues the value before it. */
function addYamlValue(line: string, offset: number, found: Range[]): void {
  const key = YAML_VALUE.exec(line)?.[0].length ?? line.length - line.trimStart().length;
  const value = line.slice(key).trimEnd();
  if (value === '' || /^[|>][+-]?$/.test(value) || value.endsWith(':')) return;
  found.push({ start: offset + key, end: offset + key + value.length, kind: 'secret' });
}

/** `kind: Secret` of Kubernetes, as an object. */
export function isSecretManifest(object: Readonly<Record<string, unknown>>): boolean {
  return object.kind === 'Secret';
}

export const SECRET_MANIFEST_DATA: ReadonlySet<string> = new Set(['data', 'stringData']);

const SCRIPT =
  /^\s*(?:#!|#cloud-config|#include|#part-handler|Content-Type:|MIME-Version:|<(?:powershell|script|persist)>)/i;
const BASE64 = /^[A-Za-z0-9+/\s]{16,}={0,2}\s*$/;
const GZIP = 'H4sI';

/** What EC2 calls user data, and not what an application may call so: a script, or one in Base64. */
export function isBootScript(text: string): boolean {
  if (SCRIPT.test(text)) return true;
  if (!BASE64.test(text)) return false;
  const bare = text.replace(/\s/g, '');
  if (bare.length % 4 !== 0) return false;
  return bare.startsWith(GZIP) || /^[\t\n\r\x20-\x7e]*$/.test(atob(bare));
}

/** `-----BEGIN`, in Base64. */
export const PEM_CUE = 'LS0tLS1CRUdJTi';
export const BASE64_PEM = new RegExp(
  `(?<![A-Za-z0-9+/])${PEM_CUE}(?:[A-Za-z0-9+/]|[\\r\\n]{1,2}(?=[A-Za-z0-9+/]{4}))*={0,2}`,
  'g',
);

/** A certificate begins the same way, and is public. */
export function isKeyFile(encoded: string): boolean {
  const head = encoded.replace(/[^A-Za-z0-9+/]/g, '').slice(0, 96);
  return /^-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/.test(atob(head.slice(0, head.length - (head.length % 4))));
}
