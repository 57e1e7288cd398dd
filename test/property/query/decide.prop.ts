// What the index decides of a query is what the query says of the entry.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { filterOf } from '../../../core/access/policy.ts';
import type { Entry } from '../../../core/entry/schema.ts';
import { codeOf } from '../../../core/index/codes.ts';
import { isAdministrative } from '../../../core/index/tally.ts';
import { and, type Query } from '../../../core/query/ast.ts';
import { type Decider, decider } from '../../../core/query/decide.ts';
import { facetValues, recordedWithin } from '../../../core/query/facets.ts';
import { compileQuery } from '../../../core/query/match.ts';
import { parseQuery } from '../../../core/query/parse.ts';
import { FACETS } from '../../../names/index.ts';
import { candidates, queries } from '../../support/queries.ts';

/** What an index knows of an entry, as sparing as it may be. */
function cluesOf({ terms, identities }: Decider, entry: Entry) {
  const posted = terms.map(({ facet, value }, i) =>
    facetValues(entry, FACETS[facet as keyof typeof FACETS]).includes(value) ? 1 << i : 0,
  );
  const others = [entry.recorder?.id, entry.actor?.onBehalfOf].filter((one) => one !== entry.actor?.id);
  const named = identities.map((identity, i) =>
    isAdministrative(entry.category) && others.includes(identity) ? 1 << i : 0,
  );
  const sum = (bits: readonly number[]) => bits.reduce((all, bit) => all + bit, 0);
  return { code: codeOf(entry), terms: sum(posted), others: sum(named) };
}

const who = fc.record({
  role: fc.constantFrom(undefined, 'compliance', 'admin', 'investigator'),
  subject: fc.constantFrom('u1', 'u2', 'nobody'),
});

test('a verdict is what the predicate says, and filters of roles leave few without one', () => {
  let [decided, undecided] = [0, 0];
  fc.assert(
    fc.property(candidates(6), queries, who, (all, drawn, { role, subject }) => {
      const filter = role === undefined ? [] : [filterOf(role as 'admin', { subject, cases: ['t1'], reviewers: [] })];
      const query: Query = and(drawn, ...filter);
      const { from, to } = recordedWithin(query);
      const [matches, deciding] = [compileQuery(query), decider(query, FACETS)];
      for (const candidate of all) {
        const time = Date.parse(candidate.entry.recordedAt);
        // A period is what recordedWithin bounds.
        if (!(time >= from && time < to)) continue;
        const clues = cluesOf(deciding, candidate.entry);
        if (clues.code === 0) continue;
        const verdict = deciding.decide(clues);
        if (verdict === undefined) undecided += 1;
        else {
          decided += 1;
          expect(verdict).toBe(matches(candidate));
        }
      }
    }),
    { numRuns: 5_000 },
  );
  expect(decided).toBeGreaterThan(1_000);
  expect(undecided).toBeGreaterThan(100);
});

test.each([
  '',
  'severity:>=high NOT category:debug',
  'actor.id:u3 AND (action:a.b OR outcome:denied)',
  'recordedAt:[2026-01-01 TO 2026-02-01] AND severity:low',
  'category:c* -outcome:/succ/',
  'category:*',
])('%j is decided without an entry', (text) => {
  const own = filterOf('compliance', { subject: 'me', cases: [], reviewers: [] });
  const { terms, decide } = decider(and(parseQuery(text), own), FACETS);
  const code = codeOf({ category: 'case', severity: 'low', outcome: 'success' });
  for (let bits = 0; bits < 2 ** terms.length; bits++) expect(decide({ code, terms: bits, others: 0 })).toBeDefined();
});
