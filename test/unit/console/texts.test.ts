// Every text is in the catalogs, and every catalog has every text.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parseSync } from '@swc/core';
import { en } from '../../../console/texts/en.ts';
import { COMPONENTS_HI } from '../../../console/texts/hi/components/components.ts';
import { hi } from '../../../console/texts/hi.ts';
import { OPERATIONS } from '../../../core/access/policy.ts';
import { FIELDS } from '../../../core/query/fields.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CONSOLE = join(ROOT, 'console');

type Tree = { readonly [name: string]: unknown };

function leaves(tree: Tree, path = ''): [string, unknown][] {
  return Object.entries(tree).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? leaves(value as Tree, `${path}${name}.`)
      : [[path + name, value] as [string, unknown]],
  );
}

/** Values of any kind, to see that a text says something with them. */
const spoken = (text: unknown): string =>
  typeof text === 'function' ? String(text(...Array.from({ length: text.length }, () => 'x'))) : String(text);

describe('the catalogs', () => {
  const [english, hindi] = [leaves(en), leaves(hi)];
  test('have the same texts', () => {
    expect(hindi.map(([name]) => name)).toEqual(english.map(([name]) => name));
  });
  test('say all of it in their own language', () => {
    const same = new Set(['product', 'languages.en', 'languages.hi', 'query.example']);
    const foreign = hindi.filter(([name, text]) => !same.has(name) && !/[\u0900-\u097f]/.test(spoken(text)));
    expect(foreign.map(([name]) => name)).toEqual([]);
    expect(english.filter(([name, text]) => !same.has(name) && !/[A-Za-z]/.test(spoken(text)))).toEqual([]);
  });
  test('address nobody with please or an exclamation mark', () => {
    expect(english.filter(([, text]) => /please|!/i.test(spoken(text)))).toEqual([]);
    expect(hindi.filter(([, text]) => /कृपया|!/.test(spoken(text)))).toEqual([]);
  });
  test('name every field and operation', () => {
    expect([...FIELDS.keys()].filter((name) => !(name in en.fields))).toEqual([]);
    expect(Object.keys(en.operations).sort()).toEqual([...OPERATIONS].sort());
  });
});

describe('the components’ own texts', () => {
  const file = join(ROOT, 'node_modules/@cloudscape-design/components/i18n/messages/all.en.json');
  const english = JSON.parse(readFileSync(file, 'utf8'))['cloudscape-design-components'].en as Record<string, Tree>;
  /** Parts that those of the console are made of, whose texts a page of it never shows. */
  const imported = sources('.tsx').flatMap((text) =>
    [...text.matchAll(/@cloudscape-design\/components\/([a-z-]+)'/g)].map(([, name]) => name!),
  );
  const INSIDE = [
    'autosuggest',
    'calendar',
    'input',
    'form-field',
    'popover',
    'select',
    'modal',
    'token-group',
    'list',
    'panel-resize-handle',
    'drawer',
  ];
  test('are there in Hindi for every component that is used', () => {
    const wanted = [...new Set([...imported, ...INSIDE])].filter((name) => name in english).sort();
    for (const name of wanted) {
      const known = (COMPONENTS_HI as Readonly<Record<string, Tree>>)[name] ?? {};
      expect([name, Object.keys(known).sort()]).toEqual([name, Object.keys(english[name]!).sort()]);
    }
  });
});

function sources(ending: string): string[] {
  return readdirSync(CONSOLE, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => readFileSync(join(CONSOLE, path), 'utf8'));
}

/** Attributes whose text somebody reads or hears. */
const SPOKEN = /^(?:aria-?label|label|title|alt|placeholder|header|description|empty|.*Text|.*Label)$/i;

/** Texts in the source of a component that are no names: what stands between tags, in spoken attributes, or is a sentence. */
function textsIn(source: string): string[] {
  const found: string[] = [];
  const visit = (node: unknown, spokenHere: boolean): void => {
    if (Array.isArray(node)) for (const one of node) visit(one, spokenHere);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    const { type, value, name } = node as { type?: string; value?: unknown; name?: { value?: string } };
    if (type === 'ThrowStatement' || type === 'ImportDeclaration') return;
    if (type === 'JSXText' && /\p{L}/u.test(String(value))) found.push(String(value).trim());
    if (type === 'StringLiteral' && (spokenHere ? /\p{L}/u : /\p{L}{2,} \p{L}{2,}/u).test(String(value)))
      found.push(String(value));
    const spoken =
      type === 'JSXAttribute'
        ? SPOKEN.test(name?.value ?? '')
        : spokenHere && type !== 'CallExpression' && type !== 'BinaryExpression';
    for (const [key, child] of Object.entries(node)) if (key !== 'name') visit(child, spoken);
  };
  visit(parseSync(source, { syntax: 'typescript', tsx: true }).body, false);
  return found;
}

test('no text stands outside the catalogs', () => {
  expect(textsIn('const a = <b title="Hello">World {c} <D x="plain" label={e ? "Yes" : t.no} /></b>;')).toEqual([
    'Hello',
    'World',
    'Yes',
  ]);
  expect(sources('.tsx').flatMap(textsIn)).toEqual([]);
});
