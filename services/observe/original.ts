// Cuts an event down to what an entry can keep of it.
import { isUnsafeInteger } from '../../core/json/number.ts';
import { toPointer } from '../../core/json/pointer.ts';
import { isJsonObject, type JsonObject, type JsonValue, setMember } from '../../core/json/value.ts';

/**
 * Keeping an original inside an entry: made admissible (tame), then made small enough (fitInto). Both are functions of
 * the value alone, so an event that is delivered twice gives the same entry, and both say what they took away.
 */
export interface Cut {
  /** RFC 6901, into the original. */
  readonly pointer: string;
  /** Size of what was removed, in bytes of JSON; of what was replaced, for numbers and text. */
  readonly bytes: number;
  readonly reason: 'size' | 'depth' | 'number' | 'text';
}

type Path = readonly (string | number)[];

const encoder = new TextEncoder();

/**
 * Canonical JSON sorts members but writes the same bytes, so this is the size of the canonical form. Without
 * recursion: what arrives may be nested deeper than the call stack.
 */
export function jsonBytes(value: JsonValue): number {
  let bytes = 0;
  const rest: JsonValue[] = [value];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    if (Array.isArray(node)) {
      bytes += 2 + Math.max(0, node.length - 1);
      for (const item of node) rest.push(item);
    } else if (isJsonObject(node)) {
      const entries = Object.entries(node);
      bytes += 2 + Math.max(0, entries.length - 1) + entries.length;
      for (const [key, member] of entries) {
        bytes += encoder.encode(JSON.stringify(key)).length;
        rest.push(member);
      }
    } else {
      bytes += encoder.encode(JSON.stringify(node)).length;
    }
  }
  return bytes;
}

function taken(path: Path, value: JsonValue, reason: Cut['reason']): Cut {
  return { pointer: toPointer(path).toWellFormed(), bytes: jsonBytes(value), reason };
}

/**
 * What JSON.parse lets through and an entry may not hold: numbers beyond what a double holds exactly (kept as text), lone surrogates
 * (replaced by U+FFFD), containers deeper than the entry's nesting (removed).
 */
export function tame(value: JsonValue, depth: number): { value: JsonValue; cuts: Cut[] } {
  const cuts: Cut[] = [];
  const walk = (node: JsonValue, path: Path): JsonValue => {
    if (typeof node === 'number' && (!Number.isFinite(node) || isUnsafeInteger(node))) {
      cuts.push(taken(path, node, 'number'));
      return String(node);
    }
    if (typeof node === 'string' && !node.isWellFormed()) {
      cuts.push(taken(path, node, 'text'));
      return node.toWellFormed();
    }
    if (typeof node !== 'object' || node === null) return node;
    if (path.length >= depth) {
      cuts.push(taken(path, node, 'depth'));
      return null;
    }
    if (Array.isArray(node)) return node.map((item, index) => walk(item, [...path, index]));
    const kept: JsonObject = {};
    for (const [key, member] of Object.entries(node)) {
      if (!key.isWellFormed()) cuts.push(taken([...path, key], key, 'text'));
      setMember(kept, key.toWellFormed(), walk(member, [...path, key]));
    }
    return kept;
  };
  return { value: walk(value, []), cuts };
}

/** Below this a shortened value says nothing any more, and listing it costs as much as keeping it. */
const WORTH_KEEPING = 64;
/** One object is cut member by member this often, then whole: the list of cuts must stay shorter than what it lists. */
const CUTS_PER_OBJECT = 16;

/**
 * The largest values go first and the cut goes as deep as it can, so that one huge field does not cost its neighbours.
 * Long texts keep their beginning, long arrays their first items. Undefined when nothing is worth keeping.
 */
function shrink(node: JsonValue, path: Path, budget: number, cuts: Cut[]): JsonValue | undefined {
  if (jsonBytes(node) <= budget) return node;
  if (budget >= WORTH_KEEPING) {
    if (typeof node === 'string') return shrinkText(node, path, budget, cuts);
    if (Array.isArray(node)) return shrinkArray(node, path, budget, cuts);
    if (isJsonObject(node)) {
      const tried: Cut[] = [];
      const kept = shrinkObject(node, path, budget, tried);
      if (kept !== undefined) {
        cuts.push(...tried);
        return kept;
      }
    }
  }
  cuts.push(taken(path, node, 'size'));
  return undefined;
}

function shrinkText(text: string, path: Path, budget: number, cuts: Cut[]): string {
  let kept = '';
  let bytes = 2;
  for (const point of text) {
    bytes += jsonBytes(point) - 2;
    if (bytes > budget) break;
    kept += point;
  }
  cuts.push(taken(path, text.slice(kept.length), 'size'));
  return kept;
}

function shrinkArray(items: readonly JsonValue[], path: Path, budget: number, cuts: Cut[]): JsonValue[] {
  const excess = jsonBytes([...items]) - budget;
  const heavy = items.findIndex((item) => jsonBytes(item) >= excess + WORTH_KEEPING);
  if (heavy >= 0) {
    const item = items[heavy]!;
    const smaller = shrink(item, [...path, heavy], jsonBytes(item) - excess, cuts);
    return items.map((other, index) => (index === heavy ? (smaller ?? null) : other));
  }
  const kept: JsonValue[] = [];
  let bytes = 2;
  for (const item of items) {
    bytes += jsonBytes(item) + (kept.length > 0 ? 1 : 0);
    if (bytes > budget) break;
    kept.push(item);
  }
  cuts.push(taken([...path, kept.length], items.slice(kept.length), 'size'));
  return kept;
}

function shrinkObject(object: JsonObject, path: Path, budget: number, cuts: Cut[]): JsonObject | undefined {
  const members = Object.entries(object)
    .map(([key, value]) => ({ key, value, bytes: jsonBytes(value), cost: jsonBytes(key) + jsonBytes(value) + 2 }))
    .sort((a, b) => b.bytes - a.bytes || (a.key < b.key ? -1 : 1));
  const changed = new Map<string, JsonValue | undefined>();
  let excess = jsonBytes(object) - budget;
  for (const { key, value, bytes, cost } of members) {
    if (excess <= 0) break;
    if (changed.size === CUTS_PER_OBJECT) return undefined;
    const smaller = shrink(value, [...path, key], Math.max(0, bytes - excess), cuts);
    changed.set(key, smaller);
    excess -= smaller === undefined ? cost - 1 : bytes - jsonBytes(smaller);
  }
  if (excess > 0) return undefined;
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(object)) {
    const member = changed.has(key) ? changed.get(key) : value;
    if (member !== undefined) setMember(kept, key, member);
  }
  return kept;
}

/** The value and the list of what was cut, together within `budget` bytes; undefined value when nothing fits. */
export function fitInto(value: JsonValue, budget: number): { value: JsonValue | undefined; cuts: Cut[] } {
  for (let room = budget; room >= WORTH_KEEPING; room = Math.floor(room / 2)) {
    const cuts: Cut[] = [];
    const kept = shrink(value, [], room, cuts);
    if (kept === undefined) break;
    if (jsonBytes(kept) + (cuts.length > 0 ? jsonBytes(cuts.map((cut) => ({ ...cut }))) : 0) <= budget)
      return { value: kept, cuts };
  }
  return { value: undefined, cuts: [taken([], value, 'size')] };
}
