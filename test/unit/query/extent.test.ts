/** Where a search begins, and which categories its queries name, from what the tenant has in the archive. */
import { describe, expect, test } from '@jest/globals';
import { parseQuery } from '../../../core/query/parse.ts';
import { ATHENA } from '../../../names/athena.ts';
import { JOB_STORE } from '../../../names/job-store.ts';
import { advance } from '../../../services/query/advance.ts';
import { newJob } from '../../../services/query/job.ts';
import { JOB, JobBench, NOW, placesOf, READER, rowsOf, TENANT } from '../../support/query-jobs.ts';

const DAY = 86_400_000;
const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/** A job that says no `from`: everything that the reader may see. */
async function unbounded(bench: JobBench, q = ''): Promise<void> {
  const query = q === '' ? bench.request.query : parseQuery(q);
  const job = newJob(READER, { ...bench.request, query, period: { from: Number.NEGATIVE_INFINITY, to: NOW } }, NOW);
  await bench.jobs.put(TENANT, JOB_STORE.queries, JOB, job, 0, job.expiresAt);
}

/** Partitions that the queries list: days times categories. */
function partitionsOf(sql: string): { days: number; categories: number | 'all' } {
  const [, from = '', to = ''] = /day BETWEEN '([^']+)' AND '([^']+)'/.exec(sql)!;
  const named = /category IN \(([^)]+)\)/.exec(sql)?.[1]?.split(',').length;
  return { days: (Date.parse(to) - Date.parse(from)) / DAY + 1, categories: named ?? 'all' };
}

describe('a search that says no beginning', () => {
  test.each(['asc', 'desc'] as const)('begins at the first day of the tenant, %s', async (order) => {
    const rows = rowsOf(30);
    const bench = new JobBench(rows, { order });
    await unbounded(bench);
    expect((await bench.job()).period.from).toBe(Date.parse(ATHENA.firstDay));
    const job = await bench.toEnd();
    expect(job.status).toBe('succeeded');
    const first = dayOf(Math.min(...rows.map(({ recordedAt }) => recordedAt)));
    expect(dayOf(job.period.from)).toBe(first);
    expect(placesOf(await bench.found())).toHaveLength(60);
    const asked = bench.queries.started.map(({ sql }) => partitionsOf(sql));
    expect(asked.reduce((sum, { days }) => sum + days, 0)).toBe((Date.parse(dayOf(NOW)) - Date.parse(first)) / DAY + 1);
    // What was recorded within two days may have been archived since, in any category; before that the tenant has one.
    const any = asked.filter(({ categories }) => categories === 'all');
    expect(any.reduce((sum, { days }) => sum + days, 0)).toBeLessThanOrEqual(4);
    expect(asked.filter(({ categories }) => categories === 1).length).toBeGreaterThan(0);
    expect(asked.every(({ categories }) => categories === 'all' || categories === 1)).toBe(true);
  });

  test('of a category begins at the first day of that category', async () => {
    const old = rowsOf(30).map((row) => ({ ...row, position: row.position + 100 }));
    const young = rowsOf(3, TENANT, { category: 'security' });
    const bench = new JobBench([...old, ...young]);
    await unbounded(bench, 'category:security');
    const { period } = await bench.toEnd();
    expect(NOW - period.from).toBeLessThan(3 * DAY);
  });

  test('of a tenant without an archive looks at the last days alone', async () => {
    const bench = new JobBench(rowsOf(30, 'rival'));
    await unbounded(bench);
    const job = await bench.toEnd();
    expect([job.status, await bench.found()]).toEqual(['succeeded', []]);
    expect(bench.queries.started.reduce((sum, { sql }) => sum + partitionsOf(sql).days, 0)).toBe(2);
  });

  test('is planned once: what is archived later moves no slice', async () => {
    const bench = new JobBench(rowsOf(30), { looks: 1_000 });
    await unbounded(bench);
    let asked = 0;
    const firstDays = (tenant: string) => {
      asked++;
      return bench.ports.extent.firstDays(tenant);
    };
    for (let i = 0; i < 3; i++) await advance({ ...bench.ports, extent: { firstDays } }, { tenant: TENANT, id: JOB });
    expect(asked).toBe(1);
  });
});
