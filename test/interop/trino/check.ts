/**
 * Writes statements for Trino, and holds its answers against the predicate, against the local Athena and against what is written
 * down: `check.ts write FILE`, then `check.ts compare FILE`. The same seed makes the same entries and queries in both.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { compileQuery } from '../../../core/query/match.ts';
import { toSql } from '../../../core/query/sql.ts';
import { QUESTIONS } from '../../../lib/constructs/questions.ts';
import { archiveRowsOf } from '../../support/athena.ts';
import { candidates, queries } from '../../support/queries.ts';
import { positionsFound, QUESTION_DRAFTS } from '../../support/question-entries.ts';
import { EXPRESSIONS, FAILING } from '../../support/trino-expressions.ts';
import { type Answer, encode, readAnswers, shown } from './answers.ts';
import { LocalAnswers, literalsOf, TENANT } from './local.ts';
import { tableOf } from './table.ts';

const SEED = 20_260_301;
const ENTRIES = 20;
const QUERIES = 60;

const [all] = fc.sample(
  candidates(ENTRIES).filter(({ length }) => length > ENTRIES / 2),
  { seed: SEED, numRuns: 1 },
);
const asked = fc.sample(queries, { seed: SEED, numRuns: QUERIES });

/** As Athena runs a query with parameters. */
const withParameters = (sql: string, literals: readonly string[]): string =>
  `EXECUTE IMMEDIATE '${sql.replaceAll("'", "''")}' USING ${literals.join(', ')}`;

function statements(): string[] {
  return [
    ...tableOf(all!.map(({ entry, bytes }, position) => ({ entry, bytes, position, day: '' }))),
    ...asked.map((query) => `SELECT id FROM segments WHERE ${toSql(query)}`),
    'DROP TABLE segments',
    ...tableOf(archiveRowsOf(TENANT, 0, QUESTION_DRAFTS)),
    ...QUESTIONS.map((question) => withParameters(question.sql, literalsOf(question))),
    ...[...EXPRESSIONS, ...FAILING].map(([expression]) => `SELECT ${expression}`),
  ];
}

let failed = 0;
function demand(what: string, want: string, got: string): void {
  if (want === got) return;
  failed++;
  console.log(`${what}\n  want ${want}\n  got  ${got}`);
}

/** Without an order where the question has none for equal rows. */
const sorted = (answer: Answer): string =>
  typeof answer === 'string' ? answer : shown(answer.toSorted((a, b) => (shown([a]) < shown([b]) ? -1 : 1)));

async function compare(answers: Answer[]): Promise<void> {
  const take = (count: number) => answers.splice(0, count);
  for (const made of take(2)) demand('the table', '', typeof made === 'string' ? made : '');
  for (const [i, answer] of take(asked.length).entries()) {
    const want = all!.filter(compileQuery(asked[i]!)).map(({ entry }) => entry.id);
    const got =
      typeof answer === 'string'
        ? answer
        : answer
            .map(([id]) => id)
            .toSorted()
            .join(' ');
    demand(toSql(asked[i]!), want.toSorted().join(' '), got);
  }
  console.log(`${asked.length} queries against the predicate: ${failed} differ`);
  for (const made of take(3)) demand('the table', '', typeof made === 'string' ? made : '');
  const local = await LocalAnswers.start();
  try {
    for (const [i, answer] of take(QUESTIONS.length).entries()) {
      const question = QUESTIONS[i]!;
      demand(question.name, sorted(await local.question(question)), sorted(answer));
      const positions = positionsFound(question.name);
      if (positions === undefined || typeof answer === 'string') continue;
      demand(question.name, positions.join(' '), answer.map((row) => row.at(-1)).join(' '));
    }
    console.log(`${QUESTIONS.length} saved questions against the local Athena`);
    for (const [i, answer] of take(EXPRESSIONS.length).entries()) {
      const [expression, want] = EXPRESSIONS[i]!;
      demand(expression, shown([[want]]), shown(answer));
      demand(`${expression} (local)`, shown(answer), shown(await local.run(`SELECT ${expression}`)));
    }
    console.log(`${EXPRESSIONS.length} expressions against the local Athena`);
  } finally {
    await local.close();
  }
  for (const [i, answer] of take(FAILING.length).entries()) {
    const [expression, reason] = FAILING[i]!;
    if (typeof answer !== 'string' || !reason.test(answer)) demand(expression, String(reason), shown(answer));
  }
  console.log(`${failed} of all answers differ`);
  if (failed > 0) process.exitCode = 1;
}

const [, , step, file] = process.argv;
if (step === 'write') writeFileSync(file!, statements().map(encode).join('\n'));
else await compare(readAnswers(readFileSync(file!, 'utf8')));
