// Action codes of a deployment's own, as its configuration names them.
import { ACTION_PATTERN, OUTCOMES, type Outcome, SEVERITIES, type Severity } from '../entry/schema.ts';
import { CATEGORIES } from './categories.ts';
import type { CatalogEntry } from './code.ts';

/** What a member of the configured catalog may say of its action; all but the category have a default. */
const MEMBERS: ReadonlySet<string> = new Set(['category', 'severity', 'outcome', 'description']);
const ACTION = new RegExp(ACTION_PATTERN, 'u');
const MAX_TEMPLATE = 200;
const PLACEHOLDER = /\{[^}]*\}?/g;
const PLACEHOLDERS: ReadonlySet<string> = new Set(['{actor}', '{target}', '{action}']);

export interface CodeFault {
  readonly action: string;
  /** Undefined if the action itself is the fault. */
  readonly member?: string;
  readonly got: unknown;
  readonly want: string;
}

/**
 * `{action: {category, severity, outcome, description}}`. Severity defaults to that of a deletion or of the category, outcome
 * to success. Actions that the built-in catalog holds stay as they are there, and can't be configured.
 */
export function readOwnCodes(
  configured: Readonly<Record<string, unknown>>,
  builtIn: ReadonlyMap<string, CatalogEntry>,
): { readonly codes: readonly CatalogEntry[]; readonly faults: readonly CodeFault[] } {
  const faults: CodeFault[] = [];
  const codes: CatalogEntry[] = [];
  for (const [action, value] of Object.entries(configured)) {
    const found = faultsOf(action, value, builtIn);
    if (found.length > 0) faults.push(...found);
    else codes.push(codeOf(action, value as Configured));
  }
  return { codes, faults };
}

interface Configured {
  readonly category: string;
  readonly severity?: Severity;
  readonly outcome?: Outcome;
  readonly description?: string;
}

function faultsOf(action: string, value: unknown, builtIn: ReadonlyMap<string, CatalogEntry>): CodeFault[] {
  if (!ACTION.test(action)) return [{ action, got: action, want: 'an action such as noun.verb or noun.verb.result' }];
  if (builtIn.has(action)) return [{ action, got: action, want: 'an action that the built-in catalog does not hold' }];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ action, got: value, want: 'an object with a category' }];
  }
  const { category, severity, outcome, description } = value as Record<string, unknown>;
  const faults: CodeFault[] = [];
  const demand = (member: string, got: unknown, accepted: boolean, want: string) => {
    if (!accepted) faults.push({ action, member, got, want });
  };
  const oneOf = (values: readonly unknown[], got: unknown) => got === undefined || values.includes(got);
  demand('category', category, typeof category === 'string' && CATEGORIES.has(category), 'a category of the catalog');
  demand('severity', severity, oneOf(SEVERITIES, severity), `one of ${SEVERITIES.join(', ')}`);
  demand('outcome', outcome, oneOf(OUTCOMES, outcome), `one of ${OUTCOMES.join(', ')}`);
  const want = `a sentence of at most ${MAX_TEMPLATE} characters with {actor}, {target} and {action} as its placeholders`;
  demand('description', description, description === undefined || isTemplate(description), want);
  for (const [member, got] of Object.entries(value)) {
    demand(member, got, MEMBERS.has(member), `no such member; known are ${[...MEMBERS].join(', ')}`);
  }
  return faults;
}

function isTemplate(text: unknown): boolean {
  if (typeof text !== 'string' || text.trim() === '' || text.length > MAX_TEMPLATE || /\p{Cc}/u.test(text))
    return false;
  return (text.match(PLACEHOLDER) ?? []).every((one) => PLACEHOLDERS.has(one));
}

const DELETION = /[._]deleted?(?:\.|$)/;

function codeOf(action: string, { category, severity, outcome = 'success', description }: Configured): CatalogEntry {
  const usual = DELETION.test(action) ? 'critical' : CATEGORIES.get(category)!.severity;
  return {
    ...{ action, category, outcome, severity: severity ?? usual, sources: ['deployment'] },
    description: description ?? '{actor}: {action} {target}',
  };
}

/** The built-in catalog and the deployment's own codes. */
export function withOwnCodes(
  builtIn: ReadonlyMap<string, CatalogEntry>,
  codes: readonly CatalogEntry[],
): ReadonlyMap<string, CatalogEntry> {
  return new Map([...builtIn, ...codes.map((code) => [code.action, code] as const)]);
}
