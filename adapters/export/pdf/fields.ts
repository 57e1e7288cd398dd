/** What a report says of an entry: every member that it has, those of a group on one line. */

import type { Entry } from '../../../core/entry/schema.ts';
import type { JsonValue } from '../../../core/json/value.ts';
import { isolated } from './spelling.ts';

export interface Field {
  readonly label: string;
  /** Spelled; what is the report's own stands outside of isolates if it has `members`. */
  readonly value: string;
  readonly kind: 'members' | 'json';
}

type Spell = (text: string) => string;

/** All members but the action, what it says of itself and when it happened, which are the entry's heading. */
export function fieldsOf(entry: Entry, spell: Spell): Field[] {
  const { action: _action, description: _description, occurredAt: _occurredAt, ...told } = entry;
  const { outcome, severity, category, recordedAt, late, actor, target, related, change, source, ...more } = told;
  const { context, recorder, redacted, metadata, id, tenant, v, ...others } = more;
  const members = (label: string, value: object | undefined): Field[] =>
    value === undefined ? [] : [{ label, value: membersOf(value, spell), kind: 'members' }];
  const json = (label: string, value: JsonValue | undefined): Field[] =>
    value === undefined ? [] : [{ label, value: jsonOf(value, spell), kind: 'json' }];
  return [
    ...members('result', { outcome, severity, category }),
    ...members('actor', actor),
    ...members('target', target),
    ...(related ?? []).flatMap((one) => members('related', one)),
    ...members('source', source),
    ...json('before', change?.before),
    ...json('after', change?.after),
    ...json('metadata', metadata),
    ...members('context', context),
    ...members('recorded', { at: recordedAt, late, ...prefixed('by', recorder) }),
    ...(redacted ?? []).flatMap((one) => members('redacted', one)),
    ...members('entry', { id, tenant, version: v }),
    // What a later version of the format adds is shown before this file knows it.
    ...Object.entries(others as Record<string, JsonValue>).flatMap(([label, value]) => json(spell(label), value)),
  ];
}

const prefixed = (prefix: string, members: object): object => ({ [prefix]: members });

/** `name value · name value`, in which values are isolates; a group inside of a group gives its name to its members. */
function membersOf(value: object, spell: Spell, outer = ''): string {
  const told: string[] = [];
  for (const [name, member] of Object.entries(value) as [string, JsonValue | undefined][]) {
    if (member === undefined) continue;
    const label = `${outer}${spell(inWords(name))}`;
    if (isGroup(member)) told.push(membersOf(member, spell, `${label} `));
    else if (Array.isArray(member)) told.push(`${label} ${member.map((one) => leafOf(one, spell)).join(', ')}`);
    else told.push(`${label} ${leafOf(member, spell)}`);
  }
  return told.join(' · ');
}

const isGroup = (value: JsonValue): value is { [name: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const leafOf = (value: JsonValue, spell: Spell): string =>
  isolated(spell(typeof value === 'string' ? value : JSON.stringify(value)));

/** `onBehalfOf` is said as "on behalf of". */
const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const JSON_STRING = /"(?:[^"\\]|\\.)*"/gsu;

/** JSON whose strings don't turn each other: the punctuation between two Arabic ones stays where it is. */
function jsonOf(value: JsonValue, spell: Spell): string {
  return JSON.stringify(value).replace(JSON_STRING, (string) => `"${isolatedIfForeign(spell(string.slice(1, -1)))}"`);
}

/** Without a letter that is written from right to left. */
const WESTERN = /^[ -\u058f]*$/;
const isolatedIfForeign = (text: string): string => (WESTERN.test(text) ? text : isolated(text));
