// Removes secrets from an entry before it is hashed.
import type { Redaction } from '../entry/schema.ts';
import { toPointer } from '../json/pointer.ts';
import { isJsonObject, type JsonObject, type JsonValue, setMember } from '../json/value.ts';
import { isSecretValue } from './assignments.ts';
import { isCardNumber } from './cards.ts';
import { coverPointers } from './cover.ts';
import { identifiersOf, isIdentifier } from './identifiers.ts';
import { holdsFree, isFree, isProtected } from './layout.ts';
import { isMarker, marker } from './marker.ts';
import { isSecretManifest, SECRET_MANIFEST_DATA } from './markup.ts';
import { coversNumbers, type NamedKind, secretNamed } from './names.ts';
import type { RedactionPolicy } from './policy.ts';
import { redactText } from './text.ts';

/** No secret is shorter, by shape. */
const SHORTEST_SECRET = 8;

export interface Redacted {
  readonly value: JsonObject;
  readonly redacted: Redaction[];
}

/**
 * Removes secrets from an entry before it is hashed: first what the policy points at, then by name and by shape. The
 * input is left as it is; parts without a finding are shared with the result. Redacting the result finds nothing.
 */
export function redactEntry(entry: JsonObject, policy: RedactionPolicy): Redacted {
  const redacted: Redaction[] = [];
  const covered = policy.pointers.length === 0 ? entry : coverPointers(entry, policy.pointers, redacted);
  const value = new Walk(policy, redacted, keptIdentifiers(covered, policy)).object(covered, targetKind(covered));
  return { value, redacted };
}

/** Identifiers that nothing configured removes: one that is removed from its own place stays nowhere else. */
function keptIdentifiers(entry: JsonObject, { patterns }: RedactionPolicy): ReadonlySet<string> {
  const found = identifiersOf(entry);
  if (found.size === 0 || patterns.length === 0) return found;
  return new Set([...found].filter((id) => redactText(id, patterns, new Set([id])) === undefined));
}

/** “Setting smtp.password changed from … to …”: the target says what the states before and after are. */
function targetKind(entry: JsonObject): NamedKind | undefined {
  const { target } = entry;
  if (!isJsonObject(target)) return undefined;
  for (const label of [target.id, target.name]) {
    const kind = typeof label === 'string' ? secretNamed(label) : undefined;
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/**
 * `{"name": "DB_PASSWORD", "value": "…"}`: members that name, and members that the name is about, in lower case: AWS
 * spells `Name` and `Value`, `ParameterKey` and `parameterValue`, each as its service likes.
 */
const LABELS: ReadonlySet<string> = new Set(
  ['field', 'property', 'attribute', 'setting', 'header', 'parameter', 'option']
    .flatMap((noun) => [noun, `${noun}name`, `${noun}key`])
    .concat(['name', 'key', 'label', 'path']),
);
const LONGEST_LABEL = Math.max(...[...LABELS].map((name) => name.length));
const VALUES: ReadonlySet<string> = new Set(
  ['value', 'values', 'before', 'after', 'from', 'to', 'old', 'new', 'previous', 'current', 'plain', 'text']
    .concat([
      'oldvalue',
      'newvalue',
      'old_value',
      'new_value',
      'previousvalue',
      'currentvalue',
      'hash',
      'raw',
      'content',
    ])
    .concat(
      ['field', 'property', 'attribute', 'setting', 'header', 'parameter', 'option'].map((noun) => `${noun}value`),
    ),
);

class Walk {
  private readonly policy: RedactionPolicy;
  private readonly redacted: Redaction[];
  private readonly known: ReadonlySet<string>;
  private readonly path: string[] = [];

  constructor(policy: RedactionPolicy, redacted: Redaction[], known: ReadonlySet<string>) {
    this.policy = policy;
    this.redacted = redacted;
    this.known = known;
  }

  /** `about`: what the object's value members are secret as, because of the name that it stands under or holds. */
  object(object: JsonObject, about: NamedKind | undefined): JsonObject {
    const subject = about ?? (holdsFree(this.path) ? label(object) : undefined);
    let copy: JsonObject | undefined;
    const keys = Object.keys(object);
    const free = holdsFree(this.path);
    const sealed = free && isSecretManifest(object);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      const value = object[key]!;
      const newKey = free && key.length >= SHORTEST_SECRET ? this.key(key, object, copy) : key;
      this.path.push(newKey);
      const newValue = this.member(key, value, subject, sealed && SECRET_MANIFEST_DATA.has(key));
      this.path.pop();
      if (copy === undefined && (newKey !== key || newValue !== value)) copy = firstMembers(object, keys, i);
      if (copy !== undefined) setMember(copy, newKey, newValue);
    }
    return copy ?? object;
  }

  private member(key: string, value: JsonValue, subject: NamedKind | undefined, sealed: boolean): JsonValue {
    if (this.path.length <= 2 && isProtected(this.path)) return value;
    return sealed ? this.every(value) : this.value(value, this.kindOf(key, subject));
  }

  /** The data of a Kubernetes Secret: every value, whatever its name. */
  private every(value: JsonValue): JsonValue {
    if (value === null || value === '' || (typeof value === 'string' && isMarker(value))) return value;
    if (isJsonObject(value)) {
      const copy: JsonObject = {};
      for (const key of Object.keys(value)) {
        this.path.push(key);
        setMember(copy, key, this.every(value[key]!));
        this.path.pop();
      }
      return copy;
    }
    return this.whole('secret');
  }

  private kindOf(key: string, subject: NamedKind | undefined): NamedKind | undefined {
    if (subject !== undefined && (VALUES.has(key.toLowerCase()) || (this.path.length === 1 && key === 'change')))
      return subject;
    return secretNamed(key);
  }

  private value(value: JsonValue, kind: NamedKind | undefined): JsonValue {
    if (typeof value === 'string') return this.string(value, kind);
    if (typeof value === 'number') return this.number(value, kind);
    if (value === null || typeof value === 'boolean') return value;
    return Array.isArray(value) ? this.array(value, kind) : this.object(value, kind);
  }

  private array(array: JsonValue[], kind: NamedKind | undefined): JsonValue[] {
    let copy: JsonValue[] | undefined;
    for (let i = 0; i < array.length; i++) {
      this.path.push(String(i));
      const value = this.value(array[i]!, kind);
      this.path.pop();
      if (copy === undefined && value !== array[i]) copy = array.slice(0, i);
      copy?.push(value);
    }
    return copy ?? array;
  }

  private string(text: string, kind: NamedKind | undefined): string {
    if (text === '' || isMarker(text)) return text;
    if (kind !== undefined && isSecretValue(text, kind)) return this.whole(kind);
    const known = isIdentifier(this.path, text) ? new Set([text]) : this.known;
    const result = redactText(text, this.policy.patterns, known);
    if (result === undefined) return text;
    // What is left of a value that its name spared would not be spared the next time.
    if (kind !== undefined) return this.whole(kind);
    for (const found of result.kinds) this.report(found);
    return result.text;
  }

  private whole(kind: string): string {
    this.report(kind);
    return marker(kind);
  }

  private number(number: number, kind: NamedKind | undefined): JsonValue {
    const found = kind !== undefined && coversNumbers(kind) ? kind : this.isCard(number) ? 'card' : undefined;
    return found === undefined || !isFree(this.path) ? number : this.whole(found);
  }

  private isCard(number: number): boolean {
    const digits = String(number);
    return isCardNumber(digits) && !this.known.has(digits) && !isIdentifier(this.path, digits);
  }

  /** A member's name may be the secret. The pointer then holds the marker; two such members stay two, told
   * apart by a marker, since anything else might be matched again. */
  private key(key: string, object: JsonObject, copy: JsonObject | undefined): string {
    const result = redactText(key, this.policy.patterns, this.known);
    if (result === undefined) return key;
    let name = result.text;
    for (let n = 2; Object.hasOwn(object, name) || (copy !== undefined && Object.hasOwn(copy, name)); n++) {
      name = result.text + marker(`key-${n}`);
    }
    this.path.push(name);
    for (const found of result.kinds) this.report(found);
    this.path.pop();
    return name;
  }

  private report(kind: string): void {
    this.redacted.push({ pointer: toPointer(this.path), kind });
  }
}

function label(object: JsonObject): NamedKind | undefined {
  for (const member of Object.keys(object)) {
    const name = object[member];
    if (typeof name !== 'string' || member.length > LONGEST_LABEL) continue;
    const noun = member.toLowerCase();
    if (!LABELS.has(noun)) continue;
    const kind = secretNamed(noun === 'path' ? name.slice(name.lastIndexOf('/') + 1) : name);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

function firstMembers(object: JsonObject, keys: readonly string[], count: number): JsonObject {
  const copy: JsonObject = {};
  for (let i = 0; i < count; i++) setMember(copy, keys[i]!, object[keys[i]!]!);
  return copy;
}
