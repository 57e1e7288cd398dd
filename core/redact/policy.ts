/** What a deployment adds to the built-in detectors (core/redact/shapes.ts, core/redact/names.ts). */
export interface RedactionPolicy {
  readonly patterns: readonly CompiledPattern[];
  /** Split RFC 6901 pointers into an entry; `*` stands for every member or element. */
  readonly pointers: readonly (readonly string[])[];
}

export interface CompiledPattern {
  /** Becomes the kind: `[REDACTED:name]`. */
  readonly name: string;
  readonly expression: RegExp;
  /** How many characters of a match, from its start, are the number, by its check digits; 0 if it only resembles one. */
  readonly confirm?: (match: string) => number;
}

export const NO_EXTRA_REDACTION: RedactionPolicy = { patterns: [], pointers: [] };
