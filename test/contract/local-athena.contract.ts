/** What Athena's API promises, asked of the local one with the real SDK. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AthenaClient,
  BatchGetQueryExecutionCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  GetWorkGroupCommand,
  ListQueryExecutionsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  type StartQueryExecutionCommandInput,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { DeleteObjectCommand, GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { segmentKey } from '../../names/archive.ts';
import {
  ARCHIVE_BUCKET,
  archiveInto,
  archiveRowsOf,
  DATABASE,
  putObject,
  RESULTS_BUCKET,
  type RunningAthena,
  startAthena,
  WORK_GROUP,
} from '../support/athena.ts';
import { EXPRESSIONS, FAILING } from '../support/trino-expressions.ts';
import { eventually } from './local-harness.ts';

const ROWS = archiveRowsOf('acme', 0, [
  { recordedAt: '2026-03-01T10:00:00.000Z', category: 'payment', description: 'A "quoted"\nline, ✓' },
  { recordedAt: '2026-03-01T11:00:00.123Z', category: 'security', severity: 'critical' },
  { recordedAt: '2026-03-02T10:00:00.000Z', category: 'payment', context: { responseTimeMs: 2 } },
]);

let athena: RunningAthena;
let client: AthenaClient;
let s3: S3Client;
beforeAll(async () => {
  athena = await startAthena();
  client = athena.client();
  s3 = athena.s3();
  await archiveInto(s3, 'acme', 0, ROWS);
  const foreign = [{ recordedAt: '2026-03-01T10:00:00.000Z', description: 'not yours' }];
  await archiveInto(s3, 'rival', 0, archiveRowsOf('rival', 0, foreign));
});
afterAll(async () => {
  await athena.close();
  expect(athena.aws.failures).toEqual([]);
});

async function start(sql: string, more: Partial<StartQueryExecutionCommandInput> = {}, by = client): Promise<string> {
  const context = { Database: DATABASE };
  const command = { QueryString: sql, WorkGroup: WORK_GROUP, QueryExecutionContext: context, ...more };
  return (await by.send(new StartQueryExecutionCommand(command))).QueryExecutionId!;
}

async function ended(id: string, by = client): Promise<QueryExecution> {
  const state = async () => (await by.send(new GetQueryExecutionCommand({ QueryExecutionId: id }))).QueryExecution!;
  return eventually(state, ({ Status }) => !['QUEUED', 'RUNNING'].includes(Status!.State!));
}

const run = async (sql: string, more: Partial<StartQueryExecutionCommandInput> = {}, by = client) =>
  ended(await start(sql, more, by), by);

async function resultOf(id: string, by = client): Promise<(string | undefined)[][]> {
  const { ResultSet } = await by.send(new GetQueryResultsCommand({ QueryExecutionId: id }));
  return ResultSet!.Rows!.map(({ Data }) => Data!.map(({ VarCharValue }) => VarCharValue));
}

/** Rows without the line of names. */
async function rowsOf(sql: string, more: Partial<StartQueryExecutionCommandInput> = {}, by = client) {
  const execution = await run(sql, more, by);
  expect(execution.Status).toMatchObject({ State: 'SUCCEEDED' });
  return (await resultOf(execution.QueryExecutionId!, by)).slice(1);
}

const failure = async (sql: string) => {
  const { Status } = await run(sql);
  return `${Status!.State} ${Status!.StateChangeReason}`;
};

describe('a query', () => {
  test('answers rows of the tenant that it names, with the partitions as columns', async () => {
    const sql = `SELECT tenant, category, day, "position", recorded_at, response_time_ms, severity
      FROM segments WHERE tenant = 'acme' ORDER BY "position"`;
    expect(await rowsOf(sql)).toEqual([
      ['acme', 'payment', '2026-03-01', '0', '2026-03-01 10:00:00.000', undefined, 'info'],
      ['acme', 'security', '2026-03-01', '1', '2026-03-01 11:00:00.123', undefined, 'critical'],
      ['acme', 'payment', '2026-03-02', '2', '2026-03-02 10:00:00.000', '2.0', 'info'],
    ]);
  });

  test('gives entries back byte for byte, and hashes as hexadecimal', async () => {
    const sql = 'SELECT entry, to_hex(leaf_hash) FROM segments WHERE tenant = \'acme\' ORDER BY "position"';
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();
    expect(await rowsOf(sql)).toEqual(
      ROWS.map(({ bytes, leafHash }) => [Buffer.from(bytes).toString(), hex(leafHash)]),
    );
  });

  test('takes parameters for its marks, and none in text or comments', async () => {
    const sql = `SELECT "position", '?' -- ?
      FROM segments WHERE tenant = ? AND day BETWEEN ? AND ? AND severity = ?`;
    const ExecutionParameters = ["'acme'", "'2026-03-01'", "'2026-03-31'", "'critical'"];
    expect(await rowsOf(sql, { ExecutionParameters })).toEqual([['1', '?']]);
    await expect(start(sql, { ExecutionParameters: ["'acme'"] })).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
    await expect(start(sql, { ExecutionParameters: ["'acme' OR TRUE", "'a'", "'b'", "'c'"] })).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
  });

  test('keeps its result as CSV where the workgroup says, whatever the caller asks for', async () => {
    const OutputLocation = `s3://${ARCHIVE_BUCKET}/elsewhere/`;
    const sql = 'SELECT description, response_time_ms FROM segments WHERE tenant = \'acme\' AND "position" = 0';
    const execution = await run(sql, { ResultConfiguration: { OutputLocation } });
    const key = `athena/${execution.QueryExecutionId}.csv`;
    expect(execution.ResultConfiguration?.OutputLocation).toBe(`s3://${RESULTS_BUCKET}/${key}`);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: RESULTS_BUCKET, Key: key }));
    expect(await Body!.transformToString()).toBe('"description","response_time_ms"\n"A ""quoted""\nline, ✓",\n');
    await s3.send(new GetObjectCommand({ Bucket: RESULTS_BUCKET, Key: `${key}.metadata` }));
  });

  test('reads current versions only', async () => {
    const [key] = await archiveInto(
      s3,
      'gone',
      0,
      archiveRowsOf('gone', 0, [{ recordedAt: '2026-03-01T00:00:00.000Z' }]),
    );
    const sql = "SELECT count(*) FROM segments WHERE tenant = 'gone'";
    expect(await rowsOf(sql)).toEqual([['1']]);
    await s3.send(new DeleteObjectCommand({ Bucket: ARCHIVE_BUCKET, Key: key }));
    expect(await rowsOf(sql)).toEqual([['0']]);
  });

  test('sees what anybody puts below a partition, and nothing beside the partitions that there can be', async () => {
    const rows = archiveRowsOf('planted', 0, [{ recordedAt: '2026-03-01T00:00:00.000Z' }]);
    const bytes = parquetSegments.encode(0, rows);
    const partition = 'entries/tenant=planted/category=payment/day=2026-03-01';
    await putObject(s3, `${partition}/deep/planted`, bytes);
    await putObject(s3, `${partition}/_hidden`, bytes);
    await putObject(s3, 'entries/tenant=planted/category=nonsense/day=2026-03-01/x.parquet', bytes);
    await putObject(s3, 'entries/tenant=planted/category=payment/day=2999-03-01/x.parquet', bytes);
    await putObject(s3, 'entries/tenant=planted/category=payment/day=2019-12-31/x.parquet', bytes);
    await putObject(s3, 'entries/tenant=planted/loose.parquet', bytes);
    expect(await rowsOf("SELECT count(*) FROM segments WHERE tenant = 'planted'")).toEqual([['1']]);
  });

  test('scans what its partitions bound', async () => {
    const scanned = async (condition: string) => {
      const { Statistics } = await run(`SELECT count(*) FROM segments WHERE tenant = 'acme' AND ${condition}`);
      return Statistics!.DataScannedInBytes!;
    };
    const all = await scanned('TRUE');
    expect(await scanned("day = '2026-03-02'")).toBeLessThan(all);
    expect(await scanned("category IN ('security')")).toBeLessThan(all);
    expect(await scanned("day < '2026-03-02' AND day >= '2026-03-01'")).toBeLessThan(all);
    expect(await scanned("day BETWEEN '2027-01-01' AND '2027-02-01'")).toBe(0);
    expect(await scanned("(day = '2026-03-02' OR severity = 'info')")).toBe(all);
  });
});

describe('an injected partition', () => {
  test.each([
    'SELECT count(*) FROM segments',
    "SELECT count(*) FROM segments WHERE tenant = 'acme' OR TRUE",
    "SELECT count(*) FROM segments WHERE tenant <> 'rival'",
    "SELECT count(*) FROM segments WHERE tenant LIKE 'a%'",
    'SELECT count(*) FROM segments WHERE tenant = category',
    "SELECT count(*) FROM segments WHERE NOT (tenant = 'acme')",
    "SELECT count(*) FROM segments WHERE tenant IN (SELECT 'acme')",
    "SELECT count(*) FROM segments WHERE tenant = 'acme' UNION ALL SELECT count(*) FROM segments",
    "SELECT (SELECT count(*) FROM segments) FROM segments WHERE tenant = 'acme'",
    "SELECT count(*) FROM segments a JOIN segments b ON a.id = b.id WHERE a.tenant = 'acme'",
    "WITH segments AS (SELECT * FROM segments) SELECT count(*) FROM segments WHERE tenant = 'acme'",
  ])('fails %s', async (sql) => {
    expect(await failure(sql)).toMatch(
      /^FAILED CONSTRAINT_VIOLATION: For the injected projected partition column tenant/,
    );
  });

  test('takes a list, the constant on either side, and one for each mention', async () => {
    expect(await rowsOf("SELECT count(*) FROM segments WHERE tenant IN ('acme', 'rival')")).toEqual([['4']]);
    expect(await rowsOf("SELECT count(*) FROM indelible.segments s WHERE 'acme' = s.tenant")).toEqual([['3']]);
    const joined =
      "SELECT count(*) FROM segments a JOIN segments b ON a.id = b.id WHERE a.tenant = 'acme' AND b.tenant = 'acme'";
    expect(await rowsOf(joined)).toEqual([['3']]);
    const named = "WITH mine AS (SELECT * FROM segments WHERE tenant = 'acme') SELECT count(*) FROM mine";
    expect(await rowsOf(named)).toEqual([['3']]);
  });
});

describe('expressions', () => {
  test('answer as Athena answers', async () => {
    const { QueryExecutionId, Status } = await run(
      `SELECT ${EXPRESSIONS.map(([expression], i) => `${expression} AS e${i}`).join(', ')}`,
    );
    expect(Status).toMatchObject({ State: 'SUCCEEDED' });
    const [, answers] = await resultOf(QueryExecutionId!);
    expect(EXPRESSIONS.map(([expression], i) => [expression, answers![i] ?? null])).toEqual(EXPRESSIONS);
  });

  test.each(FAILING)('%s fails', async (expression, reason) => {
    expect(await failure(`SELECT ${expression}`)).toMatch(reason);
  });

  test.each([
    ['list_filter(ARRAY[1], x -> x > 1)', /FUNCTION_NOT_FOUND: function 'list_filter' does not run/],
    ["strftime(TIMESTAMP '2026-03-01 00:00:00', '%Y')", /function 'strftime' does not run/],
    ['row_number_of() OVER ()', /function 'row_number_of' does not run/],
    ['system.main.concat(1)', /function 'system\.concat' does not run/],
    ['approx_percentile(1, 0.5)', /function 'approx_percentile' does not run.*estimate percentiles/],
    ["now() AT TIME ZONE 'UTC'", /AT TIME ZONE does not run/],
    ['7 // 2', /operator '\/\/' does not run/],
    ["CAST('192.0.2.1' AS ipaddress)", /NOT_SUPPORTED: type 'ipaddress' does not run.*Compare addresses as text/],
    ['TRY(1.0 / 3)', /NOT_SUPPORTED: TRY of a quotient beside decimals/],
    ['7 / 0', /^FAILED DIVISION_BY_ZERO: Division by zero$/],
    ['1.0 / 3', /NOT_SUPPORTED: Decimals are not divided here/],
    ["json_value('{}', 'lax $.*')", /NOT_SUPPORTED: The local runtime reads JSON paths/],
    ['"$file_size"', /NOT_SUPPORTED: column '\$file_size' does not run/],
  ])('%s is refused by its name', async (expression, reason) => {
    expect(await failure(`SELECT ${expression} FROM segments WHERE tenant = 'acme'`)).toMatch(reason);
  });

  test.each([
    'SHOW TABLES',
    'SHOW PARTITIONS segments',
    'show create table segments',
    '-- a comment\nDESCRIBE segments',
    'EXPLAIN SELECT 1',
  ])('%s is refused by its name', async (sql) => {
    expect(await failure(sql)).toMatch(
      /FAILED NOT_SUPPORTED: (SHOW|DESCRIBE|EXPLAIN) does not run .* docs\/athena\.md/,
    );
  });

  test('"$path" is the object of each row, and no part of *', async () => {
    const rows = await rowsOf(
      'SELECT DISTINCT "$path" FROM segments WHERE tenant = \'acme\' AND "position" < 2 ORDER BY 1',
    );
    const of = (category: string, position: number) =>
      `s3://${ARCHIVE_BUCKET}/${segmentKey('acme', category, '2026-03-01', 0, position)}`;
    expect(rows).toEqual([[of('payment', 0)], [of('security', 1)]]);
    const { QueryExecutionId } = await run("SELECT * FROM segments WHERE tenant = 'acme'");
    expect((await resultOf(QueryExecutionId!))[0]).not.toContain('$path');
    expect(await failure('SELECT *, "$path" FROM segments WHERE tenant = \'acme\'')).toMatch(/'\$path' beside \*/);
  });
});

describe('SQL reaches nothing but the table', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'indelible-secret-'));
    await writeFile(join(folder, 'secret.csv'), 'secret\n1\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const secret = () => join(folder, 'secret.csv');
  const attacks: readonly (() => string)[] = [
    () => `SELECT * FROM read_text('${secret()}')`,
    () => `SELECT * FROM read_csv('${secret()}')`,
    () => `SELECT * FROM '${secret()}'`,
    () => `SELECT * FROM "${secret()}"`,
    () => `WITH x AS (SELECT 1) SELECT (SELECT content FROM read_text('${secret()}')) FROM x`,
    () => `SELECT * FROM segments WHERE tenant = 'acme' AND id IN (SELECT content FROM read_blob('${secret()}'))`,
    () => `WITH "${secret()}" AS (SELECT 1) SELECT * FROM (SELECT * FROM main."${secret()}")`,
    () => `SELECT * FROM glob('${folder}/*')`,
    () => `SELECT * FROM query('SELECT 1')`,
    () => `SELECT * FROM query_table('segments')`,
    () => 'SELECT * FROM main."partitions 0"',
    () => 'SELECT * FROM duckdb_settings()',
    () => 'SELECT * FROM information_schema.tables',
    () => 'SELECT * FROM pg_catalog.pg_class',
    () => 'SELECT * FROM sqlite_master',
    () => "SELECT current_setting('temp_directory')",
    () => "SELECT getvariable('x')",
    () => `COPY (SELECT 1) TO '${folder}/written.csv'`,
    () => `COPY segments FROM '${secret()}'`,
    () => `ATTACH '${folder}/x.db'`,
    () => `EXPORT DATABASE '${folder}/all'`,
    () => 'INSTALL httpfs',
    () => 'LOAD httpfs',
    () => 'SET enable_external_access = true',
    () => 'PRAGMA database_list',
    () => 'CREATE TABLE x AS SELECT 1',
    () => "INSERT INTO segments SELECT * FROM segments WHERE tenant = 'acme'",
    () => 'DROP VIEW segments',
    () => 'DELETE FROM segments',
    () => 'SHOW TABLES',
    () => 'DESCRIBE segments',
    () => 'SUMMARIZE segments',
    () => 'EXPLAIN SELECT 1',
    () => `SELECT 1; COPY (SELECT 1) TO '${folder}/written.csv'`,
    () => "SELECT * FROM segments WHERE tenant = '../../../..'; SELECT 1",
    () => "SELECT * FROM sniff_csv('/etc/passwd')",
    () => "SELECT * FROM parquet_metadata('/etc/passwd')",
  ];

  test('every attempt fails and says nothing of the machine', async () => {
    for (const attack of attacks) {
      const outcome = await failure(attack());
      expect([attack(), outcome]).toEqual([attack(), expect.stringMatching(/^FAILED [A-Z_a-z]+/)]);
      expect(outcome).not.toContain('\n1\n');
    }
    expect(await readFile(secret(), 'utf8')).toBe('secret\n1\n');
    await expect(readFile(join(folder, 'written.csv'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test.each(['..', '../../..', 'acme/category=payment', '', '%', '*'])('a tenant %p is none', async (tenant) => {
    expect(await rowsOf(`SELECT count(*) FROM segments WHERE tenant = '${tenant}'`)).toEqual([['0']]);
  });
});

describe('states', () => {
  test.each([
    ['SELEC 1', /^FAILED SYNTAX_ERROR/],
    ["SELECT nothing FROM segments WHERE tenant = 'acme'", /^FAILED SYNTAX_ERROR/],
    ['SELECT * FROM elsewhere', /^FAILED TABLE_NOT_FOUND/],
    ["SELECT CAST(action AS INTEGER) FROM segments WHERE tenant = 'acme'", /^FAILED INVALID_CAST_ARGUMENT/],
  ])('%s', async (sql, reason) => {
    expect(await failure(sql)).toMatch(reason);
  });

  test('a failure far into the rows is one of the query, and leaves no part of an answer', async () => {
    const late =
      "SELECT CAST(CASE WHEN a = 2900000 THEN 'x' ELSE '1' END AS INTEGER) FROM (SELECT x * 1500 + y AS a FROM UNNEST(sequence(0, 1999)) AS t(x), UNNEST(sequence(0, 1499)) AS u(y))";
    const { Status, QueryExecutionId } = await run(late);
    expect(Status).toMatchObject({
      State: 'FAILED',
      StateChangeReason: expect.stringMatching('INVALID_CAST_ARGUMENT'),
    });
    const Key = `athena/${QueryExecutionId}.csv`;
    await expect(s3.send(new GetObjectCommand({ Bucket: RESULTS_BUCKET, Key }))).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
  });

  test('the same token is the same query, and with another text it is refused', async () => {
    const token = { ClientRequestToken: 'a-token-of-at-least-32-characters-1' };
    const [one, two] = await Promise.all([start('SELECT 1', token), start('SELECT 1', token)]);
    expect(two).toBe(one);
    expect(await start('SELECT 1', token)).toBe(one);
    await expect(start('SELECT 2', token)).rejects.toMatchObject({ name: 'InvalidRequestException' });
    await expect(start('SELECT 1', { ClientRequestToken: 'short' })).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
    // What runs counts in the quota that the next test fills.
    await ended(one);
  });

  const ENDLESS =
    'SELECT count(*) FROM (WITH RECURSIVE t AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM t) SELECT a FROM t)';

  test('what is stopped is cancelled, running or queued, and more than the quota is refused', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 20; i++) ids.push(await start(`${ENDLESS} -- ${i}`));
    await expect(start('SELECT 1')).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    for (const id of ids.toReversed()) await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    for (const id of ids) expect((await ended(id)).Status).toMatchObject({ State: 'CANCELLED' });
    expect(await rowsOf('SELECT 1')).toEqual([['1']]);
  });

  test('a result is there once a query has succeeded', async () => {
    const { QueryExecutionId } = await run('SELEC 1');
    await expect(client.send(new GetQueryResultsCommand({ QueryExecutionId }))).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: expect.stringContaining('FAILED'),
    });
    await expect(client.send(new GetQueryExecutionCommand({ QueryExecutionId: 'none' }))).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: expect.stringContaining('was not found'),
    });
  });
});

describe('pages', () => {
  test('of rows, with the names in the first one alone', async () => {
    const { QueryExecutionId } = await run('SELECT a FROM UNNEST(sequence(0, 2499)) AS t(a)');
    const pages: string[][] = [];
    let NextToken: string | undefined;
    do {
      const next: string | undefined = NextToken;
      const page: GetQueryResultsCommandOutput = await client.send(
        new GetQueryResultsCommand({ QueryExecutionId, ...(next === undefined ? {} : { NextToken: next }) }),
      );
      pages.push(page.ResultSet!.Rows!.map(({ Data }) => Data![0]!.VarCharValue!));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(pages.map(({ length }) => length)).toEqual([1_000, 1_000, 501]);
    expect(pages.flat()).toEqual(['a', ...Array.from({ length: 2_500 }, (_, i) => String(i))]);
    await expect(client.send(new GetQueryResultsCommand({ QueryExecutionId, MaxResults: 1_001 }))).rejects.toThrow();
  });

  test('of executions, newest first, and several at once', async () => {
    const id = (await run('SELECT 3')).QueryExecutionId!;
    const { QueryExecutionIds } = await client.send(new ListQueryExecutionsCommand({ WorkGroup: WORK_GROUP }));
    expect(QueryExecutionIds![0]).toBe(id);
    const batch = await client.send(new BatchGetQueryExecutionCommand({ QueryExecutionIds: [id, 'none'] }));
    expect(batch.QueryExecutions!.map(({ Query }) => Query)).toEqual(['SELECT 3']);
    expect(batch.UnprocessedQueryExecutionIds).toMatchObject([{ QueryExecutionId: 'none' }]);
  });

  test('the workgroup enforces its settings', async () => {
    const { WorkGroup } = await client.send(new GetWorkGroupCommand({ WorkGroup: WORK_GROUP }));
    expect(WorkGroup!.Configuration).toMatchObject({ EnforceWorkGroupConfiguration: true });
    await expect(client.send(new GetWorkGroupCommand({ WorkGroup: 'other' }))).rejects.toThrow(/not found/);
  });
});

describe('a role reads and writes with its own permissions', () => {
  let serial = 0;
  const may = (Action: string[], Resource: string) => ({ Effect: 'Allow', Action, Resource });
  const ASK = may(['athena:*'], `arn:aws:athena:us-east-1:000000000000:workgroup/${WORK_GROUP}`);
  const GLUE = may(['glue:GetTable'], 'arn:aws:glue:us-east-1:000000000000:*');
  const DEFAULT = may(['glue:GetDatabase'], 'arn:aws:glue:us-east-1:000000000000:*');
  const LIST = may(['s3:ListBucket'], `arn:aws:s3:::${ARCHIVE_BUCKET}`);
  const READ = may(['s3:GetObject'], `arn:aws:s3:::${ARCHIVE_BUCKET}/entries/tenant=acme/*`);
  const WRITE = may(['s3:PutObject', 's3:GetObject'], `arn:aws:s3:::${RESULTS_BUCKET}/athena/*`);
  const ALL = [ASK, GLUE, DEFAULT, LIST, READ, WRITE];
  const as = (...statements: object[]) => athena.client(athena.aws.addRole(`Asker${serial++}`, ...statements));
  const COUNT = "SELECT count(*) FROM segments WHERE tenant = 'acme'";

  test('all of them are enough', async () => {
    const by = as(...ALL);
    expect(await rowsOf(COUNT, {}, by)).toEqual([['3']]);
  });

  test.each([
    ['GetTable', GLUE],
    ['GetDatabase', DEFAULT],
    ['ListBucket', LIST],
    ['GetObject', READ],
    ['PutObject', WRITE],
  ])('without %s it fails', async (action, missing) => {
    const by = as(...ALL.filter((statement) => statement !== missing));
    const { Status } = await run(COUNT, {}, by);
    expect(Status).toMatchObject({
      State: 'FAILED',
      StateChangeReason: expect.stringMatching(`PERMISSION_DENIED.*${action}`),
    });
  });

  test('nor does it read another tenant', async () => {
    const { Status } = await run("SELECT count(*) FROM segments WHERE tenant = 'rival'", {}, as(...ALL));
    expect(Status).toMatchObject({ State: 'FAILED', StateChangeReason: expect.stringMatching('s3:GetObject') });
  });

  test('nor starts anything in another workgroup', async () => {
    const by = as(...ALL);
    await expect(start(COUNT, { WorkGroup: 'primary' }, by)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('a limit on what is read', () => {
  test('cancels a query that would read more', async () => {
    const small = await startAthena({ cutoff: 100 });
    try {
      await archiveInto(small.s3(), 'acme', 0, ROWS);
      const { Status } = await run("SELECT count(*) FROM segments WHERE tenant = 'acme'", {}, small.client());
      expect(Status).toMatchObject({
        State: 'CANCELLED',
        StateChangeReason: expect.stringMatching('Bytes scanned limit'),
      });
    } finally {
      await small.close();
    }
  });
});

describe('a restart', () => {
  test('keeps ids, tokens and results, and runs what was running', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'indelible-athena-'));
    try {
      const before = await startAthena({ dir });
      await archiveInto(before.s3(), 'acme', 0, ROWS);
      const token = { ClientRequestToken: 'a-token-of-at-least-32-characters-2' };
      const COUNT = "SELECT count(*) FROM segments WHERE tenant = 'acme'";
      const done = await start(COUNT, token, before.client());
      await ended(done, before.client());
      const slow = `SELECT count(*) FROM UNNEST(sequence(1, 4000)) AS t(a), UNNEST(sequence(1, 4000)) AS u(b),
        UNNEST(sequence(1, 6)) AS v(c) WHERE a + b + c > 5`;
      const running = await start(slow, {}, before.client());
      await before.close();
      const after = await startAthena({ dir });
      const by = after.client();
      expect(await start(COUNT, token, by)).toBe(done);
      expect(await resultOf(done, by)).toEqual([['count_star()'], ['3']]);
      expect((await ended(running, by)).Status).toMatchObject({ State: 'SUCCEEDED' });
      await after.close();
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
