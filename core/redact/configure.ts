// Compiles the configured redaction.
import { parsePointer } from '../json/pointer.ts';
import { isProtected } from './layout.ts';
import { KIND_PATTERN } from './marker.ts';
import { PACKS, type PackName } from './packs.ts';
import type { CompiledPattern, RedactionPolicy } from './policy.ts';

/** A policy that can't be applied as it is written must stop the start, not an entry. */
export class RedactionPolicyError extends Error {
  override readonly name = 'RedactionPolicyError';
  readonly code = 'bad-redaction-policy';
}

const MAX_PATTERN_LENGTH = 500;

/** `{"packs": [name], "patterns": [{"name", "pattern"}], "pointers": [pointer]}`, each optional, as configured. */
export function compileRedaction(config: unknown): RedactionPolicy {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) throw refusal('got no object');
  const { packs = [], patterns = [], pointers = [], ...others } = config as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) throw refusal(`got the unknown member ${other}, want packs, patterns and pointers`);
  if (![packs, patterns, pointers].every(Array.isArray)) throw refusal('got no array, want arrays');
  const [named, own, paths] = [packs, patterns, pointers] as [unknown[], unknown[], unknown[]];
  return { patterns: [...named.map(packOf), ...own.map(compilePattern)], pointers: paths.map(compilePointer) };
}

function packOf(name: unknown): CompiledPattern {
  if (typeof name !== 'string' || !Object.hasOwn(PACKS, name)) {
    throw refusal(`got the unknown pack ${JSON.stringify(name)}, want some of ${Object.keys(PACKS).join(', ')}`);
  }
  return { name, ...PACKS[name as PackName] };
}

function compilePattern(config: unknown, i: number): CompiledPattern {
  const { name, pattern } = (config ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || !KIND_PATTERN.test(name)) {
    throw refusal(`patterns[${i}]: got no name, want lower-case letters, digits and dashes`);
  }
  if (typeof pattern !== 'string' || pattern === '' || pattern.length > MAX_PATTERN_LENGTH) {
    throw refusal(`pattern ${name}: want an expression of 1 to ${MAX_PATTERN_LENGTH} characters`);
  }
  if (repeatsRepetition(pattern)) throw refusal(`pattern ${name}: a repeated group may hold no repetition or choice`);
  if (/\\[1-9]|\\k</.test(pattern)) throw refusal(`pattern ${name}: back references are not supported`);
  return { name, expression: compileExpression(name, pattern) };
}

function compileExpression(name: string, pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'gu');
  } catch (cause) {
    throw new RedactionPolicyError(`redaction: pattern ${name} is no regular expression`, { cause });
  }
}

function compilePointer(config: unknown, i: number): readonly string[] {
  const tokens = typeof config === 'string' ? parsePointer(config) : undefined;
  if (tokens === undefined || tokens.length === 0)
    throw refusal(`pointers[${i}]: got no RFC 6901 pointer into an entry`);
  if (isProtected(tokens))
    throw refusal(`pointers[${i}]: /${tokens.join('/')} is what makes an entry, it can't be redacted`);
  return tokens;
}

function refusal(message: string): RedactionPolicyError {
  return new RedactionPolicyError(`redaction: ${message}`);
}

const TOKEN =
  /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<?[=!]|:|<[^>]*>))?|\)|\||(?:[*+]|\{\d+(?:,\d*)?\})\??|\?\??|[\s\S]/gu;

/** Repeating a group that repeats or chooses inside is what makes backtracking take exponential time. */
function repeatsRepetition(pattern: string): boolean {
  const tokens = pattern.match(TOKEN) ?? [];
  const open: { variable: boolean }[] = [{ variable: false }];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const group = open.at(-1)!;
    if (token.startsWith('(')) {
      open.push({ variable: false });
    } else if (token === ')' && open.length > 1) {
      const repeated = /^(?:[*+]|\{)/.test(tokens[i + 1] ?? '');
      if (repeated && group.variable) return true;
      open.pop();
      if (group.variable) open.at(-1)!.variable = true;
    } else if (token === '|' || /^(?:[*+?]|\{\d+,)/.test(token)) {
      group.variable = true;
    }
  }
  return false;
}
