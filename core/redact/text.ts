// Removes the secrets that one text holds.
import { MARKER } from './marker.ts';
import type { CompiledPattern } from './policy.ts';
import { mergeRanges, type Range, replaceRanges } from './ranges.ts';
import { findShapes } from './shapes.ts';
import { plainView } from './view.ts';

/** A configured expression may take quadratic time, so it only ever sees so much at once. */
const WINDOW = 4_096;
/** Consecutive windows share this much: what a configured expression finds up to this length is never cut apart. */
const OVERLAP = 1_024;

export interface RedactedText {
  readonly text: string;
  readonly kinds: readonly string[];
}

/**
 * Removes what a text holds by shape; undefined if there is nothing. `known` are identifiers of the entry that a card's
 * number may look like. Repeated until nothing is left, because removing
 * one thing may lay the boundary of another bare: redacting the result again finds nothing.
 */
export function redactText(
  text: string,
  patterns: readonly CompiledPattern[],
  known?: ReadonlySet<string>,
): RedactedText | undefined {
  let ranges = findIn(text, patterns, known);
  if (ranges.length === 0) return undefined;
  let current = text;
  const kinds = new Set<string>();
  while (ranges.length > 0) {
    const merged = mergeRanges(ranges);
    for (const { kind } of merged) kinds.add(kind);
    current = replaceRanges(current, merged);
    ranges = findIn(current, patterns, known);
  }
  return { text: current, kinds: [...kinds] };
}

/** Markers are opaque: each stretch between them is searched on its own, so every round leaves less to search. */
function findIn(text: string, patterns: readonly CompiledPattern[], known?: ReadonlySet<string>): Range[] {
  if (!text.includes('[REDACTED:')) return findInStretch(text, patterns, known);
  const found: Range[] = [];
  let from = 0;
  const search = (end: number) => {
    for (const range of findInStretch(text.slice(from, end), patterns, known)) {
      found.push({ start: from + range.start, end: from + range.end, kind: range.kind });
    }
  };
  for (const { index, 0: mark } of text.matchAll(MARKER)) {
    search(index);
    from = index + mark.length;
  }
  search(text.length);
  return found;
}

/** As it is written, and as its reader would decode it: `password%3Dx` is an assignment too. */
function findInStretch(text: string, patterns: readonly CompiledPattern[], known?: ReadonlySet<string>): Range[] {
  const found = findPlain(text, patterns, known);
  const view = plainView(text);
  if (view === undefined) return found;
  for (const { start, end, kind } of findPlain(view.text, patterns, known)) {
    found.push({ start: view.starts[start]!, end: view.starts[end]!, kind });
  }
  return found;
}

function findPlain(text: string, patterns: readonly CompiledPattern[], known?: ReadonlySet<string>): Range[] {
  const found = findShapes(text, known);
  for (const pattern of patterns) {
    for (let start = 0; ; start += WINDOW - OVERLAP) {
      findPattern(text.slice(start, start + WINDOW), start, pattern, found);
      if (start + WINDOW >= text.length) break;
    }
  }
  return found;
}

function findPattern(window: string, offset: number, pattern: CompiledPattern, found: Range[]): void {
  const { name, expression, confirm } = pattern;
  for (const { index, 0: match } of window.matchAll(expression)) {
    const length = confirm === undefined ? match.length : confirm(match);
    if (length > 0) found.push({ start: offset + index, end: offset + index + length, kind: name });
  }
}
