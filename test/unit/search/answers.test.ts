// What the routes of the search function say over a damaged or an expired ledger, and in which order.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { read, readProblem } from '../../../functions/api/read/read.ts';
import { searchProblem } from '../../../functions/api/search/problems.ts';
import { search } from '../../../functions/api/search/search.ts';
import { http } from '../../../functions/api/shared/http.ts';
import { MemoryJobStore } from '../../fakes/memory-job-store.ts';
import { Damaging } from '../../support/damaging.ts';
import { expectDocumentedRoute } from '../../support/openapi.ts';
import { ReadTrail } from '../../support/reading.ts';
import { Deployment } from '../../support/sealing.ts';
import { CLAIMS, CONTEXT, request } from '../functions/requests.ts';

const SEARCH = 'GET /v1/entries';
const HISTORY = 'GET /v1/targets/{type}/{id}/history';
const ENTRY = 'GET /v1/chains/{chain}/entries/{position}';

/** The functions over a deployment, whose reads are recorded in its own ledger where that is asked for. */
class Bench {
  readonly deployment = new Deployment();
  readonly damaging = new Damaging(this.deployment);
  readonly trail = new ReadTrail(() => this.deployment.now);
  readonly gaps: unknown[] = [];
  readonly #handlers: Readonly<Record<string, ReturnType<typeof http>>>;

  constructor() {
    const reading = this.trail.ports();
    const { ports } = this.damaging;
    const store = this.deployment.blocks;
    const onGaps = (gaps: readonly unknown[]) => void this.gaps.push(...gaps);
    const searching = search({ ...reading, search: ports, store, jobs: new MemoryJobStore(), onGaps });
    const one = read({ ...ports, ...reading, store, onGap: (gap) => onGaps([gap]) });
    this.#handlers = {
      [SEARCH]: http('search', searching, { describe: searchProblem }),
      [HISTORY]: http('search', searching, { describe: searchProblem }),
      [`${ENTRY}/changes`]: http('search', searching, { describe: searchProblem }),
      [`${ENTRY}/related`]: http('search', searching, { describe: searchProblem }),
      [ENTRY]: http('read', one, { describe: readProblem }),
    };
  }

  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; the tests look at it
  async ask(route: string, more: { path?: Record<string, string>; query?: Record<string, string> } = {}): Promise<any> {
    const sent = request({
      claims: { [CLAIMS.role]: 'compliance' },
      ...(more.path === undefined ? {} : { path: more.path }),
    });
    const event = { ...sent, routeKey: route, queryStringParameters: more.query };
    const answer = (await this.#handlers[route]!(event as never, CONTEXT)) as {
      statusCode: number;
      body: string;
      headers: Record<string, string>;
    };
    const answered = { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body) };
    expectDocumentedRoute(route, answered);
    return answered;
  }

  /** As it is recorded while others read. */
  recordReads(): void {
    const { store } = this.trail;
    for (const block of store.blocks('acme#0')) this.deployment.blocks.put(block);
  }
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

const at = (position: number) => ({ path: { chain: '0', position: String(position) } });

describe('where the ledger was damaged', () => {
  beforeEach(async () => {
    const { deployment } = bench;
    deployment.append(
      'acme#0',
      deployment.some('payment', 2),
      deployment.some('payment', 2),
      deployment.some('payment'),
    );
    const [, second] = deployment.history.get('acme#0')!;
    deployment.blocks.put({ ...second!, link: new Uint8Array(32) });
  });

  const GAP = { tenant: 'acme', chain: 0, first: 2, last: 3, reason: 'altered' };

  test('a search answers the rest, names what is lost, and says so to whoever runs the deployment', async () => {
    const { status, body } = await bench.ask(SEARCH);
    expect(status).toBe(200);
    expect(body).toMatchObject({ complete: false, gaps: [GAP], cursor: null });
    expect(body.entries.map(({ position }: { position: number }) => position)).toEqual(
      expect.arrayContaining([0, 1, 4]),
    );
    expect(body.entries).toHaveLength(3);
    expect(bench.gaps).toEqual([GAP]);
  });

  test('what the archive has is in the answer, which is complete and says where it is from', async () => {
    await bench.deployment.archive();
    const { body } = await bench.ask(SEARCH);
    expect(body).toMatchObject({ complete: true, gaps: [{ ...GAP, recovered: true }] });
    expect(body.entries).toHaveLength(5);
  });

  test('an entry by its position is a problem that names it, or comes from the archive', async () => {
    for (const route of [ENTRY, `${ENTRY}/changes`, `${ENTRY}/related`]) {
      const { status, body } = await bench.ask(route, at(2));
      expect([status, body.type, body.position, body.reason]).toEqual([
        409,
        'urn:indelible:problem:entry-lost',
        2,
        'altered',
      ]);
      expect((await bench.ask(route, at(4))).status).toBe(200);
    }
    expect(bench.trail.entries().map(({ metadata }) => metadata.rows)).toContain(0);
    await bench.deployment.archive();
    const { status, body } = await bench.ask(ENTRY, at(3));
    expect([status, body.entry.id, body.recovered]).toEqual([200, 'entry-3', 'altered']);
    expect((await bench.ask(`${ENTRY}/changes`, at(3))).status).toBe(200);
  });
});

test('what has expired is gone at its position, and leaves what proves that it was there', async () => {
  const { deployment } = bench;
  deployment.append('acme#0', [...deployment.some('payment'), ...deployment.some('debug')]);
  const before = await bench.ask(ENTRY, at(1));
  deployment.now = Date.parse('2026-04-01T00:00:00.000Z');
  for (const route of [ENTRY, `${ENTRY}/changes`, `${ENTRY}/related`]) {
    const { status, body } = await bench.ask(route, at(1));
    expect([status, body.type]).toEqual([410, 'urn:indelible:problem:expired']);
    const { leafHash, link, previousLink } = before.body;
    expect(body).toMatchObject({ chain: 0, position: 1, leafHash, link, previousLink });
    expect((await bench.ask(route, at(0))).status).toBe(200);
  }
  const { body } = await bench.ask(SEARCH);
  expect(body.entries.map(({ position }: { position: number }) => position)).toEqual([0]);
  expect(body).toMatchObject({ complete: true, gaps: [] });
});

describe('a history', () => {
  const TARGET = { type: 'case', id: 'c1' };
  const place = { path: TARGET };
  const occurred = (hour: number) => ({
    members: {
      target: TARGET,
      occurredAt: `2026-03-01T${String(hour).padStart(2, '0')}:00:00.000Z`,
      description: `at ${hour}`,
    },
  });

  beforeEach(() => {
    const { deployment } = bench;
    const hours = [9, 7, 12, 8, 8, 11, 10];
    deployment.append(
      'acme#0',
      deployment.some('case', hours.length).map((one, i) => ({ ...one, ...occurred(hours[i]!) })),
    );
  });

  const HOURS = [7, 8, 8, 9, 10, 11, 12].map((hour) => `at ${hour}`);
  const said = (body: { entries: { entry: { description: string } }[] }) =>
    body.entries.map(({ entry }) => entry.description);

  test('is in the order in which things happened, unless another is asked for', async () => {
    expect(said((await bench.ask(HISTORY, place)).body)).toEqual(HOURS);
    expect(said((await bench.ask(HISTORY, { ...place, query: { order: 'desc' } })).body)).toEqual(HOURS.toReversed());
    const recorded = await bench.ask(HISTORY, { ...place, query: { sort: 'recordedAt' } });
    expect(said(recorded.body)).toEqual([9, 7, 12, 8, 8, 11, 10].map((hour) => `at ${hour}`));
    expect(said((await bench.ask(SEARCH, { query: { sort: 'occurredAt', order: 'asc' } })).body)).toEqual(HOURS);
  });

  test.each(['asc', 'desc'])('has each entry on one page, %s', async (order) => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { order, limit: '2', ...(cursor === null ? {} : { cursor }) };
      const { body } = await bench.ask(HISTORY, { ...place, query });
      expect(body.entries.length).toBeLessThanOrEqual(2);
      seen.push(...said(body));
      cursor = body.cursor;
    } while (cursor !== null);
    expect(seen).toEqual(order === 'asc' ? HOURS : HOURS.toReversed());
  });

  test('has a cursor that is none of another order', async () => {
    const { body } = await bench.ask(HISTORY, { ...place, query: { limit: '2' } });
    const other = await bench.ask(HISTORY, {
      ...place,
      query: { limit: '2', sort: 'recordedAt', cursor: body.cursor },
    });
    expect([other.status, other.body.type]).toEqual([400, 'urn:indelible:problem:invalid-cursor']);
  });
});

test('whoever reads the reads comes to an end, although each page is another', async () => {
  const { deployment } = bench;
  const query = { category: 'audit_access', order: 'asc', limit: '1' };
  await bench.ask(SEARCH, { query });
  await bench.ask(SEARCH, { query });
  let cursor: string | null = null;
  let pages = 0;
  do {
    bench.recordReads();
    deployment.pass(1_000);
    const { body } = await bench.ask(SEARCH, { query: { ...query, ...(cursor === null ? {} : { cursor }) } });
    cursor = body.cursor;
    pages++;
  } while (cursor !== null && pages < 20);
  expect(pages).toBeLessThan(5);
});
