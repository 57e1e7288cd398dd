// Tells of an entry whether a query matches it, from what the index knows.
import type { Entry } from '../entry/schema.ts';
import { toldBy } from '../index/codes.ts';
import { isAdministrative } from '../index/tally.ts';
import type { Query } from './ast.ts';
import type { Facets } from './facets.ts';
import { compileQuery } from './match.ts';

/** A value of a facet whose postings help to decide. */
export interface Term {
  readonly facet: string;
  readonly value: string;
}

/** Undefined: only the entry itself tells. */
export type Verdict = boolean | undefined;

/** What is known of an entry, or of all that are alike. */
export interface Clues {
  /** core/index/codes.ts. */
  readonly code: number;
  /** Bit `i`: it has a posting of term `i`. */
  readonly terms: number;
  /** Bit `i`: identity `i` may have recorded it for another, or been acted for, if it is an administrative one. */
  readonly others: number;
}

/** A query, as far as the index decides it. */
export interface Decider {
  readonly terms: readonly Term[];
  readonly identities: readonly string[];
  decide(clues: Clues): Verdict;
}

type Test = (clues: Clues) => Verdict;
type Field = Extract<Query, { kind: 'field' }>;

/** As many as fit the bits of a number; what else a query names is not decided. */
const MOST_TERMS = 24;
/** Fields of whoever recorded an entry, or was acted for. */
const OTHERS = ['recorder.id', 'actor.onBehalfOf'];
const CODED = ['category', 'severity', 'outcome'];
const NO_BYTES = new Uint8Array();

const unknown: Test = () => undefined;

/**
 * The query over what an index of these facets has. That entries lie within what the query itself says of their time
 * (facets.ts, `recordedWithin`) is taken for granted.
 */
export function decider(query: Query, facets: Facets): Decider {
  const making = new Making(facets);
  const test = making.of(query, true);
  const known = new Map<number, Verdict>();
  const { terms, identities } = making;
  const decide = (clues: Clues) => {
    const key = (clues.code * 2 ** identities.length + clues.others) * 2 ** terms.length + clues.terms;
    // A Map tells what is undefined from what is not there in two steps; most entries are alike.
    const before = known.get(key);
    if (before !== undefined || known.has(key)) return before;
    const verdict = toldBy(clues.code) === undefined ? undefined : test(clues);
    known.set(key, verdict);
    return verdict;
  };
  return { terms, identities, decide };
}

class Making {
  readonly terms: Term[] = [];
  readonly identities: string[] = [];
  readonly #facets: Facets;

  constructor(facets: Facets) {
    this.#facets = facets;
  }

  /** `isOutermost`: it has to hold, whatever else does, and bounds the period (`recordedWithin`). */
  of(query: Query, isOutermost = false): Test {
    switch (query.kind) {
      case 'all':
        return () => true;
      case 'and':
        return every(query.of.map((one) => this.of(one, isOutermost && one.kind === 'field')));
      case 'or':
        return some(query.of.map((one) => this.of(one)));
      case 'not': {
        const test = this.of(query.of);
        return (clues) => negated(test(clues));
      }
      case 'field':
        return this.#field(query, isOutermost);
      default:
        return unknown;
    }
  }

  #field(query: Field, isOutermost: boolean): Test {
    const { path, test } = query;
    const name = path.join('.');
    if (CODED.includes(name)) return coded(query);
    if (name === 'recordedAt' && isOutermost && (test.kind === 'equals' || test.kind === 'range')) return () => true;
    if (test.kind !== 'equals') return unknown;
    if (OTHERS.includes(name)) return this.#other(test.value);
    const facet = Object.keys(this.#facets).find((one) => this.#facets[one]!.includes(name));
    return facet === undefined ? unknown : this.#term(facet, test.value);
  }

  #term(facet: string, value: string): Test {
    const bit = this.#bitOf(facet, value);
    if (bit === undefined) return unknown;
    // Of a facet with several fields, a posting does not tell which of them has the value.
    const there = this.#facets[facet]!.length === 1 ? true : undefined;
    return ({ terms }) => ((terms & bit) !== 0 ? there : false);
  }

  /** An administrative entry whose recorder is not named beside its actor was recorded by its actor. */
  #other(value: string): Test {
    const facet = Object.keys(this.#facets).find((one) => this.#facets[one]!.join() === 'actor.id');
    const bit = facet === undefined ? undefined : this.#bitOf(facet, value);
    if (bit === undefined || (!this.identities.includes(value) && this.identities.length === 2)) return unknown;
    if (!this.identities.includes(value)) this.identities.push(value);
    const identity = 1 << this.identities.indexOf(value);
    return ({ code, terms, others }) =>
      isAdministrative(toldBy(code)!.category) && (others & identity) === 0 && (terms & bit) === 0 ? false : undefined;
  }

  #bitOf(facet: string, value: string): number | undefined {
    const at = this.terms.findIndex((one) => one.facet === facet && one.value === value);
    if (at >= 0) return 1 << at;
    if (this.terms.length === MOST_TERMS) return undefined;
    this.terms.push({ facet, value });
    return 1 << (this.terms.length - 1);
  }
}

/** What the code tells is asked as an entry would be. */
function coded(query: Field): Test {
  const matches = compileQuery(query);
  const verdicts: boolean[] = [];
  return ({ code }) => {
    verdicts[code] ??= matches({ entry: toldBy(code) as Partial<Entry> as Entry, bytes: NO_BYTES });
    return verdicts[code];
  };
}

const negated = (verdict: Verdict): Verdict => (verdict === undefined ? undefined : !verdict);

function every(tests: readonly Test[]): Test {
  return (clues) => {
    let verdict: Verdict = true;
    for (const test of tests) {
      const one = test(clues);
      if (one === false) return false;
      if (one === undefined) verdict = undefined;
    }
    return verdict;
  };
}

function some(tests: readonly Test[]): Test {
  return (clues) => {
    let verdict: Verdict = false;
    for (const test of tests) {
      const one = test(clues);
      if (one === true) return true;
      if (one === undefined) verdict = undefined;
    }
    return verdict;
  };
}
