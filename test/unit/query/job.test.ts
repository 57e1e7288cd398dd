// Jobs of searches of the archive.
import { describe, expect, test } from '@jest/globals';
import { visibleTo } from '../../../core/access/visible.ts';
import { equals, not } from '../../../core/query/ast.ts';
import { JOB_STORE } from '../../../names/job-store.ts';
import { advance } from '../../../services/query/advance.ts';
import { archiveRows } from '../../../services/query/archive-search.ts';
import { cancelJob } from '../../../services/query/cancel.ts';
import { newJob, QueryTooLarge } from '../../../services/query/job.ts';
import { comparePlaces } from '../../../services/search/place.ts';
import { expected, JOB, JobBench, NOW, placesOf, READER, rowsOf, TENANT } from '../../support/query-jobs.ts';

const ROWS = rowsOf(60);

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function run(bench: JobBench) {
  await bench.begin();
  return bench.toEnd();
}

describe('a search of the archive', () => {
  test.each(['desc', 'asc'] as const)('finds every entry of its period once, %s', async (order) => {
    const bench = new JobBench(ROWS, { order });
    const job = await run(bench);
    expect(job).toMatchObject({ status: 'succeeded', planted: 0 });
    const found = await bench.found();
    expect(placesOf(found)).toEqual(expected(ROWS, bench.request));
    expect(job.slices.reduce((sum, slice) => sum + slice.found, 0)).toBe(found.length);
    for (const { query } of job.slices) expect(query).toBeDefined();
  });

  test.each([1, 13, 100])('stops at its limit of %i', async (limit) => {
    const bench = new JobBench(ROWS, { limit });
    await run(bench);
    const wanted = expected(ROWS, bench.request);
    expect(placesOf(await bench.found())).toEqual(wanted);
    expect(wanted.length).toBe(Math.min(limit, 60 * 2));
  });

  test('shows what it has while it goes on, and the same later', async () => {
    const bench = new JobBench(ROWS, { looks: 1_000 });
    await bench.begin();
    await advance(bench.ports, { tenant: TENANT, id: JOB });
    expect(await bench.found()).toEqual([]);
    const goingOn = new JobBench(ROWS);
    await goingOn.begin();
    const seen: string[][] = [];
    for (let step = 0; step < 40; step++) {
      await advance({ ...goingOn.ports, budgetMs: 1 }, { tenant: TENANT, id: JOB });
      goingOn.now += 5_000;
      seen.push(placesOf(await goingOn.found()));
    }
    const last = seen.at(-1)!;
    expect(last).toEqual(expected(ROWS, goingOn.request));
    for (const part of seen) expect(last.slice(0, part.length)).toEqual(part);
    expect(seen.some((part) => part.length > 0 && part.length < last.length)).toBe(true);
  });

  test('tells an entry once that two objects hold, also where they fill the limit', async () => {
    const twice = ROWS.flatMap((row) => [row, row]);
    const bench = new JobBench(twice, { limit: 30 });
    expect(await run(bench)).toMatchObject({ status: 'succeeded', planted: 0 });
    expect(placesOf(await bench.found())).toEqual(expected(ROWS, bench.request));
  });

  test('cuts a slice in two that would read too much, and fails where a day does', async () => {
    const bench = new JobBench(ROWS, { end: (sql) => (longer(sql, 1) ? { state: 'exhausted' } : undefined) });
    expect(await run(bench)).toMatchObject({ status: 'succeeded' });
    expect(placesOf(await bench.found())).toEqual(expected(ROWS, bench.request));
    const never = new JobBench(ROWS, { end: () => ({ state: 'exhausted', reason: 'Bytes scanned limit' }) });
    expect(await run(never)).toMatchObject({ status: 'failed', reason: 'Bytes scanned limit' });
  });

  test('begins a query again that failed, and gives up after the third', async () => {
    const failures = new JobBench(ROWS, { end: (_, before) => (before < 2 ? { state: 'failed' } : undefined) });
    expect(await run(failures)).toMatchObject({ status: 'succeeded' });
    expect(placesOf(await failures.found())).toEqual(expected(ROWS, failures.request));
    const broken = new JobBench(ROWS, { end: () => ({ state: 'failed', reason: 'SYNTAX_ERROR' }) });
    expect(await run(broken)).toMatchObject({ status: 'failed', reason: 'SYNTAX_ERROR' });
    expect(broken.queries.started).toHaveLength(3);
  });

  test('searches no more than the plan shows, and nothing of a period that is not', async () => {
    const reader = { ...READER, visibleFrom: NOW - 3 * 86_400_000 };
    const bench = new JobBench(ROWS);
    await bench.begin(reader);
    await bench.toEnd();
    const period = { ...bench.request.period, from: reader.visibleFrom };
    expect(placesOf(await bench.found())).toEqual(expected(ROWS, { ...bench.request, period }));
    const empty = newJob(reader, { ...bench.request, period: { from: NOW + 5, to: NOW + 10 } }, NOW);
    expect(empty.slices).toEqual([]);
  });

  test('refuses a query that Athena would not take', () => {
    const query = equals('actor.id', 'x'.repeat(300_000));
    expect(() => newJob(READER, { ...new JobBench([]).request, query }, NOW)).toThrow(QueryTooLarge);
  });

  test('is gone when its results are', async () => {
    const bench = new JobBench(ROWS);
    await run(bench);
    expect(bench.jobs.expiresAt(TENANT, JOB_STORE.queries, JOB)).toBe(NOW / 1_000 + 2 * 86_400);
  });

  test('that is given up is failed, and its query stopped', async () => {
    const bench = new JobBench(ROWS, { looks: 1_000 });
    await bench.begin();
    await advance(bench.ports, { tenant: TENANT, id: JOB });
    await bench.giveUp();
    expect(await bench.job()).toMatchObject({ status: 'failed' });
    expect(bench.queries.running).toBe(0);
  });
});

/** Whether the slice of this SQL has more than so many days. */
function longer(sql: string, days: number): boolean {
  const [from, to] = [.../'(\d{4}-\d\d-\d\d)' AND '(\d{4}-\d\d-\d\d)'/.exec(sql)!]
    .slice(1)
    .map((day) => Date.parse(day));
  return to! - from! >= days * 86_400_000;
}

describe('a row that is no entry', () => {
  const [victim] = ROWS.slice(-1) as [(typeof ROWS)[0]];
  const text = Buffer.from(victim.bytes).toString();

  test.each([
    ['leaf-hash', { ...victim, bytes: Buffer.from(text.replace('invoice.paid', 'invoice.void')) }],
    ['foreign-tenant', { ...rowsOf(1, 'rival')[0]!, recordedAt: victim.recordedAt }],
    ['out-of-order', { ...victim, recordedAt: victim.recordedAt - 86_400_000, position: 99 }],
    ['no-match', { ...rowsOf(60, TENANT, { action: 'case.viewed' }).at(-1)!, position: 99 }],
  ] as const)('is counted and left out: %s', async (fault, planted) => {
    const bench = new JobBench([...ROWS, { ...planted, chain: 7 }], { query: equals('action', 'invoice.paid') });
    const job = await run(bench);
    expect(job).toMatchObject({ status: 'succeeded', planted: 1, plantedRows: [{ chain: 7, fault }] });
    expect(placesOf(await bench.found())).toEqual(expected(ROWS, bench.request));
  });

  test('does not hide what is behind a limit full of them', async () => {
    const flood = Array.from({ length: 40 }, (_, position) => ({
      ...victim,
      ...{ chain: 9, position, bytes: Buffer.from(text.replace('invoice.paid', 'invoice.void')) },
    }));
    const bench = new JobBench([...ROWS, ...flood], { limit: 5 });
    expect(await run(bench)).toMatchObject({ status: 'succeeded' });
    expect(placesOf(await bench.found())).toEqual(expected(ROWS, bench.request));
  });
});

describe('whoever reads a job', () => {
  test('sees no more than exists for it by then', async () => {
    const bench = new JobBench(ROWS);
    await run(bench);
    const narrower = { ...READER, filter: not(equals('description', '1/59')), visibleFrom: NOW - 3 * 86_400_000 };
    const visible = visibleTo(narrower);
    const places = placesOf(await bench.found(3, visible));
    expect(places).toEqual(placesOf((await bench.found()).filter(visible)));
    expect(places).not.toContain('1/59');
  });
});

describe('a cancelled job', () => {
  test('ends at once, and its query is stopped at the next look', async () => {
    const bench = new JobBench(ROWS, { looks: 1_000 });
    await bench.begin();
    await advance(bench.ports, { tenant: TENANT, id: JOB });
    expect(bench.queries.running).toBe(1);
    expect(await cancelJob(bench.jobs, TENANT, JOB, NOW)).toBe(true);
    expect(await bench.job()).toMatchObject({ status: 'cancelled' });
    expect(await advance(bench.ports, { tenant: TENANT, id: JOB })).toMatchObject({ done: true });
    expect(bench.queries.running).toBe(0);
    expect(await cancelJob(bench.jobs, TENANT, JOB, NOW)).toBe(false);
  });
});

describe('rows for exports', () => {
  const search = { tenant: TENANT, query: equals('action', 'invoice.paid'), token: 'export-1' };

  test.each(['desc', 'asc'] as const)('go on after any place, without asking twice, %s', async (order) => {
    const bench = new JobBench(ROWS, { order });
    const { period } = bench.request;
    const all = await collect(archiveRows(bench.ports, { ...search, period, order }));
    expect(placesOf(all)).toEqual(expected(ROWS, bench.request));
    const begun = bench.queries.started.length;
    for (const at of [0, 7, 50, all.length - 1]) {
      const { recordedAt, chain, position } = all[at]!;
      const after = { recordedAt, chain, position };
      const rest = await collect(archiveRows(bench.ports, { ...search, period, order, after }));
      expect(placesOf(rest)).toEqual(placesOf(all.slice(at + 1)));
    }
    expect(bench.queries.started).toHaveLength(begun);
    expect(all.every((one, i) => i === 0 || comparePlaces(all[i - 1]!, one, order) < 0)).toBe(true);
  });

  test('say why a query did not succeed', async () => {
    const bench = new JobBench(ROWS, { end: () => ({ state: 'failed', reason: 'HIVE_BAD_DATA' }) });
    const { period, order } = bench.request;
    await expect(collect(archiveRows(bench.ports, { ...search, period, order }))).rejects.toMatchObject({
      ...{ name: 'ArchiveQueryFailed', state: 'failed', message: 'HIVE_BAD_DATA' },
    });
  });
});
