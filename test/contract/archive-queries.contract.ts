/** The adapter over the local Athena and S3, the saved queries, and searches of the archive through all of it. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CsvFault, csvRecord } from '../../adapters/athena/csv.ts';
import { AthenaQueries } from '../../adapters/athena/queries.ts';
import { ResultObjects } from '../../adapters/athena/results.ts';
import { S3ArchiveExtent } from '../../adapters/s3/extent.ts';
import { ALL } from '../../core/query/ast.ts';
import { parseQuery } from '../../core/query/parse.ts';
import { QUESTIONS } from '../../lib/constructs/questions.ts';
import { withParameters } from '../../local/athena/parameters.ts';
import { type ArchivePorts, archiveRows } from '../../services/query/archive-search.ts';
import { QueryForgotten, type QueryStatus, ResultsExpired } from '../../services/query/port.ts';
import type { Found } from '../../services/search/port.ts';
import {
  ARCHIVE_BUCKET,
  archiveInto,
  archiveRowsOf,
  DATABASE,
  type EntryDraft,
  putObject,
  RESULTS_BUCKET,
  type RunningAthena,
  startAthena,
  WORK_GROUP,
} from '../support/athena.ts';
import { positionsFound, QUESTION_DRAFTS, QUESTION_PARAMETERS } from '../support/question-entries.ts';

const at = (hours: number) => new Date(Date.parse('2026-03-01T00:00:00.000Z') + hours * 3_600_000).toISOString();
const change = { before: { status: 'open' }, after: { status: 'closed "for good"' } };
const DRAFTS: EntryDraft[] = [
  { recordedAt: at(1), category: 'authentication', action: 'auth.login.failure', source: { ip: '192.0.2.1' } },
  { recordedAt: at(2), category: 'account', action: 'account.permission_elevated', severity: 'high', change },
  { recordedAt: at(30), category: 'case', action: 'case.status_changed', target: { type: 'case', id: 'c1' }, change },
  { recordedAt: at(31), category: 'case', action: 'case.evidence_deleted', target: { type: 'case', id: 'c1' } },
  { recordedAt: at(60), category: 'audit_access', action: 'audit.exported', outcome: 'denied', metadata: { rows: 3 } },
  { recordedAt: at(61), category: 'legal_hold', action: 'hold.applied', severity: 'critical' },
  { recordedAt: at(62), category: 'other', action: 'note.created', description: 'line\nbreak, "quote", ✓' },
];
const ROWS = archiveRowsOf('acme', 0, DRAFTS);

let athena: RunningAthena;
let queries: AthenaQueries;
let ports: ArchivePorts;
beforeAll(async () => {
  athena = await startAthena();
  await archiveInto(athena.s3(), 'acme', 0, ROWS);
  const results = new ResultObjects(athena.s3(), RESULTS_BUCKET);
  queries = new AthenaQueries(athena.client(), results, { workGroup: WORK_GROUP, database: DATABASE });
  ports = { queries, extent: new S3ArchiveExtent(athena.s3(), ARCHIVE_BUCKET), sleep: (ms) => pause(Math.min(ms, 20)) };
});
afterAll(async () => {
  await athena.close();
  expect([athena.warnings, athena.aws.failures]).toEqual([[], []]);
});

let serial = 0;
const token = () => `a-token-that-is-long-enough-for-athena-${serial++}`;

async function settled(sql: string): Promise<QueryStatus> {
  const id = await queries.start(sql, token());
  for (;;) {
    const status = await queries.status(id);
    if (status.state !== 'queued' && status.state !== 'running') return status;
    await pause(20);
  }
}

async function rowsOf(sql: string): Promise<(string | null)[][]> {
  const { state, output, reason } = await settled(sql);
  expect([state, reason]).toEqual(['succeeded', undefined]);
  const rows: (string | null)[][] = [];
  for await (const { cells } of queries.rows(output!, 0)) rows.push([...cells]);
  return rows;
}

describe('every saved query', () => {
  const answers = QUESTIONS.map(({ name, sql, parameters }) => {
    const values = ['asked', '2026-03-01', '2026-03-31', ...parameters.map((one) => QUESTION_PARAMETERS[one]!)];
    const literals = values.map((value) => `'${value.replaceAll("'", "''")}'`);
    return [name, withParameters(sql, literals)] as const;
  });
  const sqlOf = (question: string) => answers.find(([name]) => name === question)![1];
  beforeAll(async () => {
    await archiveInto(athena.s3(), 'asked', 0, archiveRowsOf('asked', 0, QUESTION_DRAFTS));
  });

  test.each(answers)('%s', async (name, sql) => {
    const rows = await rowsOf(sql);
    const positions = positionsFound(name);
    if (positions === undefined) expect(rows.length).toBeGreaterThan(0);
    else expect(rows.map((row) => Number(row.at(-1)))).toEqual(positions);
  });

  test('says what changed, and counts', async () => {
    const [row] = await rowsOf(sqlOf('Changes to a record'));
    expect(row!.filter((cell) => cell?.startsWith('{')).map((cell) => JSON.parse(cell!))).toEqual([
      { status: 'open' },
      { status: 'closed "for good"' },
    ]);
    expect(await rowsOf(sqlOf('Entries by category and month'))).toContainEqual(['case', '2026-03', '3', '1']);
    const addresses = await rowsOf(sqlOf('Addresses of failed sign-ins'));
    expect(addresses.map((cells) => cells.slice(0, 3)).toSorted()).toEqual(
      [
        [null, '4', '2'],
        ['192.0.2.1', '2', '1'],
        ['192.0.2.2', '1', '1'],
      ].toSorted(),
    );
  });
});

describe('results', () => {
  test('of many megabytes are read by the piece, and from any row on', async () => {
    const wide = "SELECT a, lpad('', 3000, 'x\"\n') AS text FROM UNNEST(sequence(0, 3999)) AS t(a)";
    const { output } = await settled(wide);
    const ends: number[] = [];
    for await (const { cells, end } of queries.rows(output!, 0)) {
      expect([cells[0], cells[1]!.length]).toEqual([String(ends.length), 3_000]);
      ends.push(end);
    }
    expect(ends).toHaveLength(4_000);
    for (const at of [0, 1_999, 3_998]) {
      for await (const { cells } of queries.rows(output!, ends[at]!)) {
        expect(cells[0]).toBe(String(at + 1));
        break;
      }
    }
    for await (const row of queries.rows(output!, ends.at(-1)!)) throw new Error(`got ${row.end} after the last`);
  });

  test('that are gone, and queries that are unknown, are told as such', async () => {
    const rows = queries.rows('athena/none.csv', 0)[Symbol.asyncIterator]();
    await expect(rows.next()).rejects.toThrow(ResultsExpired);
    await expect(queries.status('none')).rejects.toThrow(QueryForgotten);
    await expect(queries.stop('none')).rejects.toThrow(QueryForgotten);
  });

  test('are no CSV when a value has no quotes', () => {
    expect(csvRecord(Buffer.from('"a""b",,""\n"c"'), 0)).toEqual({ cells: ['a"b', null, ''], next: 11 });
    expect(csvRecord(Buffer.from('"a"'), 0)).toBeUndefined();
    expect(csvRecord(Buffer.from('"a""'), 0)).toBeUndefined();
    expect(() => csvRecord(Buffer.from('a,b\n'), 0)).toThrow(CsvFault);
  });
});

describe('the extent of a tenant', () => {
  test('is its categories with their first days', async () => {
    expect(await ports.extent.firstDays('acme')).toEqual({
      ...{ account: '2026-03-01', authentication: '2026-03-01', case: '2026-03-02' },
      ...{ audit_access: '2026-03-03', legal_hold: '2026-03-03', other: '2026-03-03' },
    });
    expect(await ports.extent.firstDays('nobody')).toEqual({});
  });

  test('is not moved by what the table does not read, and begins early where a folder is no day', async () => {
    const put = (key: string) => putObject(athena.s3(), `entries/tenant=odd/${key}`, new Uint8Array(1));
    for (const key of [
      'category=nonsense/day=2026-03-01/a',
      'loose',
      'category=case/a',
      'category=case/day=2019-12-31/a',
    ])
      await put(key);
    expect(await ports.extent.firstDays('odd')).toEqual({});
    await put('category=case/day=2026-03-05/a');
    await put('category=security/day=2026-99-99/a');
    expect(await ports.extent.firstDays('odd')).toEqual({ case: '2026-03-05', security: '2020-01-01' });
  });
});

describe('a search', () => {
  const period = { from: Date.parse(at(0)), to: Date.parse(at(24 * 40)) };
  const search = async (q: string, order: 'asc' | 'desc' = 'asc'): Promise<Found[]> => {
    const found: Found[] = [];
    const query = q === '' ? ALL : parseQuery(q);
    for await (const one of archiveRows(ports, { tenant: 'acme', query, period, order, token: token() }))
      found.push(one);
    return found;
  };

  test('finds entries byte for byte, in order', async () => {
    const found = await search('');
    expect(found.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(
      ROWS.map(({ bytes }) => Buffer.from(bytes).toString()),
    );
    expect((await search('', 'desc')).map(({ position }) => position)).toEqual([6, 5, 4, 3, 2, 1, 0]);
  });

  test.each([
    ['target.id:c1 AND NOT action:case.evidence_deleted', [2]],
    ['category:case', [2, 3]],
    ['severity:>=high', [1, 5]],
    ['"line\\nbreak"', []],
    ['quote', [6]],
    ['/evidence_(deleted|viewed)/', [3]],
    ['category:case AND category:other', []],
  ])('%s', async (q, positions) => {
    expect((await search(q)).map(({ position }) => position)).toEqual(positions);
  });
});
