// The routes of searches of the archive.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { queryProblem } from '../../../functions/api/queries/problems.ts';
import { queries } from '../../../functions/api/queries/queries.ts';
import { http } from '../../../functions/api/shared/http.ts';
import { advance } from '../../../services/query/advance.ts';
import type { QueryTask } from '../../../services/query/steps.ts';
import { expectDocumentedRoute } from '../../support/openapi.ts';
import { JobBench, NOW, rowsOf } from '../../support/query-jobs.ts';
import { ReadTrail } from '../../support/reading.ts';
import { KEEPS_ALL } from '../../support/searching.ts';
import { CLAIMS, CONTEXT, request } from '../functions/requests.ts';

const ROWS = rowsOf(40);

/** The API over a job store and an archive in memory. */
class QueriesBench extends JobBench {
  readonly trail = new ReadTrail(() => this.now);
  readonly started: { name: string; task: QueryTask }[] = [];
  failingStarts = 0;
  #ids = 0;
  readonly #handle = http(
    'queries',
    queries({
      ...{ jobs: this.jobs, results: this.queries, reading: this.trail.ports() },
      starter: {
        start: async (name, task) => {
          if (this.failingStarts-- > 0) throw new Error('Step Functions is away');
          this.started.push({ name, task });
        },
      },
      ...{ newId: () => `id-${++this.#ids}`, now: () => new Date(this.now), keeping: KEEPS_ALL },
    }),
    { describe: queryProblem },
  );

  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; the tests look at it
  async ask(route: string, more: { id?: string; body?: unknown; query?: object; claims?: object } = {}): Promise<any> {
    const claims = { [CLAIMS.role]: 'compliance', ...more.claims };
    const sent = request({
      body: JSON.stringify(more.body),
      claims,
      path: more.id === undefined ? {} : { id: more.id },
    });
    const event = { ...sent, routeKey: route, queryStringParameters: more.query };
    const answer = (await this.#handle(event as never, CONTEXT)) as {
      statusCode: number;
      body: string;
      headers: Record<string, string>;
    };
    const answered = { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body) };
    expectDocumentedRoute(route, answered);
    return answered;
  }

  post(body: unknown, claims: object = {}) {
    return this.ask('POST /v1/queries', { body, claims });
  }

  async work(): Promise<void> {
    for (const { task } of this.started) while (!(await advance(this.ports, task)).done) this.now += 1_000;
  }
}

let bench: QueriesBench;
beforeEach(() => {
  bench = new QueriesBench(ROWS);
});

const ENTRIES = 'GET /v1/queries/{id}/entries';
const ONE = 'GET /v1/queries/{id}';

describe('/v1/queries', () => {
  test('begins a job, tells how far it is, and pages through what it found', async () => {
    const { status, body } = await bench.post({ q: 'action:invoice.paid', limit: 50 });
    expect([status, body.status, body.progress.slicesDone]).toEqual([202, 'queued', 0]);
    await bench.work();
    expect((await bench.ask(ONE, { id: body.id })).body).toMatchObject({
      ...{ status: 'succeeded', q: 'action:invoice.paid', progress: { found: 50 }, reason: null },
    });
    const places: string[] = [];
    let cursor: string | null = null;
    do {
      const query = { limit: '20', ...(cursor === null ? {} : { cursor }) };
      const page = await bench.ask(ENTRIES, { id: body.id, query });
      places.push(
        ...page.body.entries.map((one: { chain: number; position: number }) => `${one.chain}/${one.position}`),
      );
      cursor = page.body.cursor;
      expect(page.body).toMatchObject({ complete: false, why: 'limit', gaps: [] });
    } while (cursor !== null);
    expect(places).toHaveLength(50);
    expect(new Set(places).size).toBe(50);
  });

  test.each([
    [79, 79, 'limit'],
    // Slices begin at the tenant's first day, so there is nothing before the oldest match.
    [80, 80, null],
    [81, 80, null],
  ])('says of 80 matches under a limit of %i whether those are all', async (limit, count, why) => {
    const { body } = await bench.post({ q: '', limit });
    await bench.work();
    expect((await bench.ask(ONE, { id: body.id })).body.progress.found).toBe(count);
    const page = await bench.ask(ENTRIES, { id: body.id, query: { limit: '500' } });
    expect(page.body).toMatchObject({ cursor: null, complete: why === null, why });
    expect(page.body.entries).toHaveLength(count);
  });

  test('names where rows were left out that somebody planted', async () => {
    const planted = { ...ROWS[3]!, bytes: ROWS[4]!.bytes };
    bench = new QueriesBench([...ROWS, planted]);
    const { body } = await bench.post({ q: '' });
    await bench.work();
    const page = await bench.ask(ENTRIES, { id: body.id });
    const gap = { tenant: 'acme', chain: planted.chain, first: planted.position, last: planted.position };
    expect(page.body).toMatchObject({ complete: false, why: 'planted', gaps: [{ ...gap, reason: 'planted' }] });
    expect(page.body.entries).toHaveLength(80);
  });

  test('records who asked for what, and what was handed out, before it is', async () => {
    const { body } = await bench.post({ q: '' });
    await bench.work();
    await bench.ask(ENTRIES, { id: body.id });
    expect(bench.trail.entries().map(({ action, metadata }) => [action, metadata.rows])).toEqual([
      ['audit.query_started', undefined],
      ['audit.query_viewed', 80],
    ]);
    bench.trail.outOfOrder = true;
    for (const refused of [await bench.post({ q: '' }), await bench.ask(ENTRIES, { id: body.id })]) {
      expect([refused.status, refused.body.type]).toEqual([503, 'urn:indelible:problem:not-recorded']);
    }
    expect(bench.started).toHaveLength(1);
  });

  test('a job whose start was lost is started by whoever looks at it', async () => {
    bench.failingStarts = 1;
    expect((await bench.post({ q: '' })).status).toBe(500);
    const { body } = await bench.ask('GET /v1/queries');
    expect(body.queries).toMatchObject([{ id: 'id-1', status: 'queued' }]);
    await bench.ask(ONE, { id: 'id-1' });
    expect(bench.started).toEqual([{ name: 'id-1', task: { tenant: 'acme', id: 'id-1' } }]);
  });

  test('is its owner’s and compliance’s, and of no other tenant', async () => {
    const investigator = { [CLAIMS.role]: 'investigator', [CLAIMS.cases]: 'c1', sub: 'i-1' };
    const { body } = await bench.post({ q: '' }, investigator);
    await bench.work();
    const status = async (claims: object) => (await bench.ask(ENTRIES, { id: body.id, claims })).status;
    expect(await status(investigator)).toBe(200);
    expect(await status({})).toBe(200);
    expect(await status({ ...investigator, sub: 'i-2' })).toBe(404);
    expect(await status({ [CLAIMS.tenant]: 'rival' })).toBe(404);
    expect(await status({ [CLAIMS.role]: 'auditor' })).toBe(403);
    const listed = await bench.ask('GET /v1/queries', { claims: { ...investigator, sub: 'i-2' } });
    expect(listed.body.queries).toEqual([]);
  });

  test('never answers more than its reader may see when it reads', async () => {
    const { body } = await bench.post({ q: '' });
    await bench.work();
    const narrowed = { [CLAIMS.role]: 'investigator', [CLAIMS.cases]: 'none' };
    expect((await bench.ask(ENTRIES, { id: body.id, claims: narrowed })).body.entries).toEqual([]);
  });

  test('cancels once, and keeps what was found', async () => {
    const { body } = await bench.post({ q: '' });
    const cancel = () => bench.ask('POST /v1/queries/{id}/cancel', { id: body.id });
    expect((await cancel()).body).toMatchObject({ status: 'cancelled' });
    expect((await cancel()).body.type).toBe('urn:indelible:problem:already-finished');
    expect((await bench.ask(ENTRIES, { id: body.id })).body).toEqual({
      ...{ entries: [], cursor: null, complete: false, why: 'cancelled', gaps: [] },
    });
  });

  test('forgets a job when its results are gone', async () => {
    const { body } = await bench.post({ q: '' });
    bench.now = NOW + 3 * 86_400_000;
    expect((await bench.ask(ONE, { id: body.id })).status).toBe(404);
  });

  test.each([
    [{ q: 'a AND' }, '/q'],
    [{ q: 5 }, '/q'],
    [{}, '/q'],
    [{ q: 'x'.repeat(20_001) }, '/q'],
    [{ q: '', from: 'yesterday' }, '/from'],
    [{ q: '', from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }, '/to'],
    [{ q: '', order: 'random' }, '/order'],
    [{ q: '', limit: 0 }, '/limit'],
    [{ q: '', limit: 100_001 }, '/limit'],
    [{ q: '', limit: '5' }, '/limit'],
    [{ q: '', tenant: 'rival' }, '/tenant'],
    [[], ''],
  ])('refuses %j', async (body, pointer) => {
    const refused = await bench.post(body);
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, pointer]);
    expect(bench.started).toEqual([]);
  });

  test('refuses a cursor that is none, or another job’s', async () => {
    const [one, two] = [await bench.post({ q: '' }), await bench.post({ q: '' })];
    const { cursor } = (await bench.ask(ENTRIES, { id: one.body.id })).body;
    const foreign = [
      cursor,
      'x',
      Buffer.from('["id-2",-1,0,0]').toString('base64url'),
      Buffer.from('null').toString('base64url'),
    ];
    for (const given of foreign) {
      const { body } = await bench.ask(ENTRIES, { id: two.body.id, query: { cursor: given } });
      expect(body.type).toBe('urn:indelible:problem:invalid-cursor');
    }
  });
});
