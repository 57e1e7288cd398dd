// The whole runtime: questions to the trail, and who may ask them.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, answer, TenantClient, until } from './client.ts';
import { type Runtime, startRuntime } from './runtime.ts';

const COMMAND = fileURLToPath(new URL('../../bin/indelible.ts', import.meta.url));
const run = promisify(execFile);

const CONFIG = {
  archive: { batchWindow: 'PT1S' },
  tenants: { small: { plan: 'starter' } },
};

const DAY = 86_400_000;

let runtime: Runtime;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-reading-'));
  runtime = await startRuntime({ config: CONFIG });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  expect(await runtime.stop()).toBe(0);
});

interface Asking {
  readonly tenant?: string;
  readonly role?: string;
  readonly subject?: string;
  readonly cases?: string;
  readonly method?: string;
  readonly body?: unknown;
}

async function ask(
  path: string,
  { tenant = 'shelter', role = 'compliance', body, ...rest }: Asking = {},
): Promise<Answer> {
  const { method = body === undefined ? 'GET' : 'POST', ...own } = rest;
  const response = await fetch(`${runtime.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${await runtime.token(tenant, role, own)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer(response);
}

interface Hit {
  // biome-ignore lint/suspicious/noExplicitAny: an entry as it came over the wire; the tests look at it
  readonly entry: any;
  readonly chain: number;
  readonly position: number;
}

/** All pages. */
async function search(parameters: Record<string, string>, asking: Asking = {}): Promise<Hit[]> {
  const hits: Hit[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ ...parameters, ...(cursor === null ? {} : { cursor }) });
    const { status, body } = await ask(`/v1/entries?${query}`, asking);
    if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
    hits.push(...(body.entries as Hit[]));
    cursor = body.cursor;
  } while (cursor !== null);
  return hits;
}

const actions = (hits: readonly Hit[]): string[] => hits.map(({ entry }) => entry.action);

async function indelible(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, PORT: new URL(runtime.url).port, AWS_PORT: new URL(runtime.awsUrl).port };
  try {
    return { code: 0, ...(await run(process.execPath, [COMMAND, ...args], { env, maxBuffer: 2 ** 26 })) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

/** Of one export, when it is done: what its status says. */
async function exported(body: Record<string, unknown>, asking: Asking = {}) {
  const started = await ask('/v1/exports', { ...asking, body });
  expect(started.status).toBe(202);
  const { id } = started.body;
  return until(async () => {
    const { body: job } = await ask(`/v1/exports/${id}`, asking);
    return ['queued', 'running'].includes(job.status) ? undefined : job;
  });
}

/** Everything that an export consists of, into a folder of its own. */
async function download(job: { id: string; files: { name: string; url: string }[] }): Promise<string> {
  const target = join(folder, job.id);
  mkdirSync(target);
  for (const { name, url } of job.files) {
    const response = await fetch(url);
    expect([name, response.status]).toEqual([name, 200]);
    writeFileSync(join(target, name), new Uint8Array(await response.arrayBuffer()));
  }
  return target;
}

const person = (id: string, role: string) => ({ type: 'user', id, name: `Staff ${id}`, role });
const at = (days: number) => new Date(Date.now() - days * DAY).toISOString();
const CASE = { type: 'case', id: 'c4242', reference: 'WB-2026-17' };
const OTHER = { type: 'case', id: 'c77' };
const CASE_SCOPE = { type: 'case', id: 'c4242' };

/** A report is made, acknowledged within the week, investigated, looked at by somebody who had no reason to, and answered. */
const CASE_FILE = [
  {
    action: 'case.report_submitted',
    actor: { type: 'anonymous' },
    source: { ip: '192.0.2.7' },
    target: CASE,
    occurredAt: at(60),
  },
  { action: 'case.acknowledged', actor: person('u1', 'investigator'), target: CASE, occurredAt: at(57) },
  {
    action: 'case.viewed',
    actor: person('u1', 'investigator'),
    source: { ip: '198.51.100.1' },
    target: CASE,
    context: { sessionId: 's-1', channel: 'ui' },
    occurredAt: at(56),
  },
  {
    action: 'case.evidence_downloaded',
    actor: person('u9', 'investigator'),
    source: { ip: '203.0.113.50' },
    target: { type: 'evidence', id: 'e1', name: 'Interview "A".pdf' },
    related: [CASE],
    context: { sessionId: 's-9', channel: 'ui' },
    occurredAt: at(20),
  },
  {
    action: 'case.viewed',
    actor: person('u9', 'investigator'),
    source: { ip: '203.0.113.50' },
    target: CASE,
    context: { sessionId: 's-9', channel: 'ui' },
    occurredAt: at(20),
  },
  {
    action: 'case.status_changed',
    actor: person('u1', 'investigator'),
    target: CASE,
    change: { before: { status: 'open', owner: 'u1' }, after: { status: 'closed', owner: 'u1' } },
    occurredAt: at(8),
  },
  { action: 'case.feedback_given', actor: person('u1', 'investigator'), target: CASE, occurredAt: at(7) },
  { action: 'case.viewed', actor: person('u2', 'investigator'), target: OTHER, occurredAt: at(5) },
  {
    action: 'user.role_changed',
    category: 'administrative',
    actor: person('a1', 'admin'),
    target: { type: 'user', id: 'u9' },
    occurredAt: at(30),
  },
];

/** Administration that compliance did itself, and a policy holder of another tenant who must never be seen. */
const ELSEWHERE = { action: 'case.viewed', actor: person('u1', 'investigator'), target: CASE };

describe('a request that means nothing', () => {
  test.each([
    ['/v1/health?x=%00', 400],
    ['/openapi.json?x=%00', 400],
    ['/log/keys?x=%00', 400],
    ['/v1/catalog?x=%00', 400],
    ['/v1/entries?q=%00', 400],
    ['/v1/entries?limit=1&limit=1', 400],
    ['/v1/entries?__proto__=1', 400],
    ['/v1/entries?search=', 400],
    ['/v1/digests?after=', 400],
    [`/v1/queries?after=${'x'.repeat(3_000)}`, 400],
    ['/v1/queries/%00', 404],
    ['/v1/targets/case/%00/history', 400],
    ['/v1/targets/case/a%0Ab/history', 400],
    ['/v1/chains/%00/entries/0', 400],
    ['/v1/chains/0/entries/9999/proof', 404],
  ])('is refused: %s', async (path, wanted) => {
    const { status, body } = await ask(path, { tenant: 'nobody' });
    expect([status, body.type]).toEqual([wanted, expect.stringMatching(/^urn:indelible:problem:/)]);
  });

  test.each(['/v1/searches', '/v1/queries', '/v1/exports', '/v1/holds', '/v1/exports/none/grants'])(
    'is refused with where it is: POST %s',
    async (path) => {
      const { status, body } = await ask(path, { tenant: 'nobody', body: { bogus: 1 } });
      expect([status, body.errors]).toEqual([
        422,
        expect.arrayContaining([expect.objectContaining({ pointer: '/bogus', code: 'unknown-field' })]),
      ]);
    },
  );
});

describe('the questions that an audit trail is asked', () => {
  beforeAll(async () => {
    await new TenantClient(runtime, 'shelter').receipts({ entries: CASE_FILE });
    await new TenantClient(runtime, 'elsewhere').receipts({ entries: [ELSEWHERE] });
  });

  test('a data subject asks who looked at their case: who, when, from where', async () => {
    const q = 'action:(case.viewed OR case.evidence_downloaded) AND (target.id:c4242 OR related.id:c4242)';
    const hits = await search({ q });
    expect(hits.map(({ entry }) => [entry.action, entry.actor.id, entry.source?.ip])).toEqual([
      ['case.viewed', 'u9', '203.0.113.50'],
      ['case.evidence_downloaded', 'u9', '203.0.113.50'],
      ['case.viewed', 'u1', '198.51.100.1'],
    ]);
    const report = await exported({ q, format: 'pdf' });
    expect([report.status, report.rows]).toEqual(['succeeded', 3]);
  });

  test('a regulator asks how a case was handled: its history in order of time, and that nothing was changed', async () => {
    const history = await ask('/v1/targets/case/c4242/history');
    expect(history.status).toBe(200);
    expect(actions(history.body.entries)).toEqual(CASE_FILE.slice(0, 7).map(({ action }) => action));
    const when = (action: string) => {
      const hit = (history.body.entries as Hit[]).find(({ entry }) => entry.action === action);
      return Date.parse(hit!.entry.occurredAt);
    };
    const reported = when('case.report_submitted');
    expect(when('case.acknowledged') - reported).toBeLessThanOrEqual(7 * DAY);
    expect(when('case.feedback_given') - reported).toBeLessThanOrEqual(92 * DAY);

    expect((await indelible('seal')).code).toBe(0);
    writeFileSync(join(folder, 'keys.txt'), await (await fetch(`${runtime.url}/log/keys`)).text());
    // The PDF is made by a function's bundle, and once more from the sources: by other copies of its fonts.
    for (const format of ['ndjson', 'pdf']) {
      const job = await exported({ q: 'target.id:c4242 OR related.id:c4242', format });
      expect(job.status).toBe('succeeded');
      const target = await download(job);
      const verified = await indelible('verify', '--export', target, '--keys', join(folder, 'keys.txt'));
      expect([format, verified.code, verified.stderr]).toEqual([format, 0, '']);
    }
  });

  test('an investigation asks who could have leaked it', async () => {
    const viewed = await search({ q: 'action:case.* AND NOT actor.id:u1', target: 'c4242', from: at(1) });
    expect(new Set(viewed.map(({ entry }) => entry.actor.id ?? entry.actor.type))).toEqual(
      new Set(['u9', 'anonymous']),
    );
    const [download1] = await search({ q: 'action:case.evidence_downloaded' });
    const { chain, position } = download1!;
    const related = await ask(`/v1/chains/${chain}/entries/${position}/related?by=session`);
    expect([related.status, actions(related.body.entries)]).toEqual([200, ['case.viewed']]);
    expect(actions(await search({ q: 'source.ip:/^203\\.0\\.113\\./ "interview"' }))).toEqual([
      'case.evidence_downloaded',
    ]);
    const [closed] = await search({ q: 'action:case.status_changed' });
    const changes = await ask(`/v1/chains/${closed!.chain}/entries/${closed!.position}/changes`);
    expect(changes.body.patch).toEqual([{ op: 'replace', path: '/status', value: 'closed' }]);
  });

  test('a tribunal asks for the records: held, exported, handed to one outsider, and the custody told', async () => {
    const hold = await ask('/v1/holds', { body: { reason: 'Tribunal 9/26', scope: { target: CASE_SCOPE } } });
    expect(hold.status).toBe(201);
    expect((await indelible('seal')).code).toBe(0);
    const job = await exported({ q: 'target.id:c4242', format: 'csv' });
    expect(job.status).toBe('succeeded');
    const outsider = { role: 'auditor', subject: 'counsel' };
    expect((await ask(`/v1/exports/${job.id}`, outsider)).status).toBe(404);
    expect((await ask(`/v1/exports/${job.id}/grants`, { body: { subject: 'counsel' } })).status).toBe(201);
    const granted = await ask(`/v1/exports/${job.id}`, outsider);
    expect(granted.status).toBe(200);
    const target = await download(granted.body);
    expect((await indelible('verify', '--export', target, '--keys', join(folder, 'keys.txt'))).code).toBe(0);
    const custody = await search({ q: `category:(audit_access OR legal_hold) AND "${job.id}"`, order: 'asc' });
    expect(new Set(custody.map(({ entry }) => entry.actor.id))).toContain('counsel');
  });

  test('a chart asks how many there were and when: the same from the ledger and from the index, for each role', async () => {
    const to = new Date().toISOString();
    const roles: Asking[] = [
      // Not the one who recorded them: which of these are its own, only the ledger tells.
      { subject: 'clara' },
      { role: 'admin', subject: 'a2' },
      { role: 'investigator', subject: 'u1', cases: 'c4242' },
    ];
    const charts = async (isIndexed: boolean) => {
      for (const asking of roles) {
        const found = await search({ q: 'severity:>=info', to, limit: '200' }, asking);
        const { status, body } = await ask(`/v1/entries/histogram?q=severity:%3E%3Dinfo&by=outcome&to=${to}`, asking);
        expect([status, body.total, body.complete]).toEqual([200, found.length, true]);
        // Which entries belong to a case, they tell themselves.
        if (isIndexed)
          expect([asking.role, body.counted.byIndex > 0]).toEqual([asking.role, asking.role !== 'investigator']);
      }
    };
    await charts(false);
    await until(async () => {
      const { body } = await ask(`/v1/entries/histogram?to=${to}&timeZone=Asia/Kolkata`, roles[0]);
      return body.counted.byLedger === 0 ? body : undefined;
    });
    await charts(true);
  });

  test('what has left the hot window is asked of the archive', async () => {
    const started = await ask('/v1/queries', { body: { q: 'target.id:c4242 AND severity:>=low', from: at(400) } });
    expect(started.status).toBe(202);
    const job = await until(async () => {
      const { body } = await ask(`/v1/queries/${started.body.id}`);
      return ['queued', 'running'].includes(body.status) ? undefined : body;
    });
    expect(job.status).toBe('succeeded');
    const { body } = await ask(`/v1/queries/${started.body.id}/entries`);
    expect(body.entries.length).toBeGreaterThan(0);
  });
});

describe('who may read what', () => {
  test('an investigator sees its cases, an administrator the users, an operator nothing', async () => {
    const own = await search({ q: '' }, { role: 'investigator', subject: 'u1', cases: 'c4242' });
    expect(own.length).toBeGreaterThan(0);
    for (const { entry } of own) {
      expect([entry.target, ...(entry.related ?? [])].some((one) => one?.id === 'c4242')).toBe(true);
    }
    expect(actions(await search({ q: 'target.id:u9' }, { role: 'admin', subject: 'a2' }))).toEqual([
      'user.role_changed',
    ]);
    expect(await search({ q: 'target.id:c4242' }, { role: 'admin', subject: 'a2' })).toEqual([]);
    expect((await ask('/v1/entries', { role: 'operator' })).status).toBe(403);
    expect((await ask('/v1/entries', { role: 'auditor' })).status).toBe(403);
  });

  test('no tenant sees another', async () => {
    const hits = await search({ q: 'target.id:c4242' }, { tenant: 'elsewhere' });
    expect(hits.every(({ entry }) => entry.tenant === 'elsewhere')).toBe(true);
    expect(actions(hits.filter(({ entry }) => entry.category !== 'audit_access'))).toEqual(['case.viewed']);
  });

  test('a starter plan sees its window and downloads nothing', async () => {
    await new TenantClient(runtime, 'small').receipts({ action: 'customer.viewed', actor: person('u1', 'staff') });
    expect(actions(await search({ q: 'action:customer.viewed' }, { tenant: 'small' }))).toEqual(['customer.viewed']);
    const refused = await ask('/v1/exports', { tenant: 'small', body: { q: '', format: 'csv' } });
    expect([refused.status, refused.body.type]).toEqual([403, 'urn:indelible:problem:plan-limit']);
  });

  test('every read is in the trail: who, what, how many', async () => {
    await search({ q: 'action:case.note_added' }, { subject: 'curious' });
    const reads = await search({ q: 'category:audit_access AND actor.id:curious' }, { subject: 'other' });
    expect(reads.map(({ entry }) => [entry.action, entry.metadata.query, entry.metadata.rows])).toEqual([
      ['audit.searched', 'action:case.note_added', 0],
    ]);
  });
});
