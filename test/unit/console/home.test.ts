// What the first page says: jobs, and what was last looked for.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { canBeRead } from '../../../console/entries/request.ts';
import { type Job, jobsOf } from '../../../console/home/jobs.ts';
import { forget, listIn, recentOf, remember } from '../../../console/home/recent.ts';

const NOW = Date.parse('2026-03-31T12:00:00.000Z');
const hoursAgo = (hours: number): string => new Date(NOW - hours * 3_600_000).toISOString();

describe('jobs', () => {
  const exported = (id: string, more: Partial<Parameters<typeof jobsOf>[0][number]> = {}) => ({
    ...{
      id,
      status: 'running' as const,
      q: id,
      from: hoursAgo(9),
      to: hoursAgo(1),
      order: 'desc' as const,
      format: 'csv' as const,
    },
    ...{
      fields: null,
      createdAt: hoursAgo(2),
      createdBy: 'clara',
      endedAt: null,
      expiresAt: hoursAgo(-24),
      rows: 3,
      sealed: null,
    },
    ...{ grants: [], files: [], reason: null, complete: false, gaps: [] },
    verifier: {
      ...{ page: '/verify' as const, command: '/indelible-verify.mjs' as const, sums: '/verifiers.sha256' as const },
    },
    ...more,
  });
  const searched = (id: string, more: Partial<Parameters<typeof jobsOf>[1][number]> = {}) => ({
    ...{ id, status: 'running' as const, q: id, from: hoursAgo(9), to: hoursAgo(1), order: 'desc' as const, limit: 10 },
    ...{ createdAt: hoursAgo(1), endedAt: null, expiresAt: hoursAgo(-24) },
    ...{
      progress: { slicesDone: 3, slices: 12, scannedBytes: 1, found: 7 },
      planted: { count: 0, first: [] },
      reason: null,
    },
    ...more,
  });
  const brief = (jobs: readonly Job[]) => jobs.map(({ kind, id, rows, done }) => [kind, id, rows, done]);

  test('those that run, and those that ended within a day, newest first', () => {
    const found = jobsOf(
      [
        exported('runs'),
        exported('done', { status: 'succeeded', createdAt: hoursAgo(30), endedAt: hoursAgo(23) }),
        exported('long done', { status: 'succeeded', createdAt: hoursAgo(30), endedAt: hoursAgo(25) }),
      ],
      [
        searched('archive'),
        searched('not begun', {
          status: 'queued',
          createdAt: hoursAgo(40),
          progress: { slicesDone: 0, slices: 0, scannedBytes: 0, found: 0 },
        }),
      ],
      'clara',
      NOW,
    );
    expect(brief(found)).toEqual([
      ['query', 'archive', 7, 0.25],
      ['export', 'runs', 3, undefined],
      ['export', 'done', 3, undefined],
      ['query', 'not begun', 0, undefined],
    ]);
  });
  test('of exports, the reader’s own and what was granted', () => {
    const all = [
      exported('mine'),
      exported('theirs', { createdBy: 'cleo' }),
      exported('granted', { createdBy: 'cleo', grants: ['clara'] }),
    ];
    expect(brief(jobsOf(all, [], 'clara', NOW)).map(([, id]) => id)).toEqual(['mine', 'granted']);
  });
});

/** As a browser's: strings by strings. */
class Storage {
  readonly #kept = new Map<string, string>();
  getItem = (key: string): string | null => this.#kept.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.#kept.set(key, value);
  removeItem = (key: string): void => void this.#kept.delete(key);
}

describe('what was last looked for', () => {
  const clara = { tenant: 'acme', subject: 'clara' };
  beforeEach(() => {
    Object.assign(globalThis, { localStorage: new Storage() });
  });
  const shown = (owner: typeof clara) => recentOf(owner).map(({ page, state }) => `${page}?${state}`);

  test('newest first, each once, and no more than ten', () => {
    for (let i = 0; i < 12; i++) remember(clara, 'entries', `q=${i}`, i);
    remember(clara, 'record', 'type=case&id=1', 20);
    remember(clara, 'entries', 'q=5', 21);
    expect(shown(clara)).toEqual([
      ...['entries?q=5', 'record?type=case&id=1', 'entries?q=11', 'entries?q=10', 'entries?q=9'],
      ...['entries?q=8', 'entries?q=7', 'entries?q=6', 'entries?q=4', 'entries?q=3'],
    ]);
  });
  test('apart for every subject of every tenant, and cleared for one alone', () => {
    const others = [
      { tenant: 'acme', subject: 'cleo' },
      { tenant: 'other', subject: 'clara' },
    ];
    for (const owner of [clara, ...others]) remember(owner, 'entries', `q=${owner.tenant}.${owner.subject}`);
    forget(clara);
    expect([clara, ...others].map(shown)).toEqual([[], ['entries?q=acme.cleo'], ['entries?q=other.clara']]);
  });
  test('the same list as long as nothing changes', () => {
    remember(clara, 'entries', 'q=1');
    expect(recentOf(clara)).toBe(recentOf(clara));
  });
  test('a question longer than a storage is for is not kept', () => {
    remember(clara, 'entries', `q=${'x'.repeat(5_000)}`);
    expect(shown(clara)).toEqual([]);
  });
  test.each([
    '{',
    '{}',
    '[1,null]',
    '[{"page":"evil","state":"x","at":1}]',
    '[{"page":"entries","state":"q=1","at":1e99}]',
  ])('what is stored and is no such list shows nothing: %s', (text) => expect(listIn(text)).toEqual([]));
  test('a browser that keeps nothing', () => {
    const refuse = (): never => {
      throw new Error('denied');
    };
    Object.assign(globalThis, { localStorage: { getItem: refuse, setItem: refuse, removeItem: refuse } });
    remember(clara, 'entries', 'q=1');
    expect(shown(clara)).toEqual([]);
  });
});

test('a query that is being written is none yet', () => {
  expect(['actor.id:u3', 'a OR'].map(canBeRead)).toEqual([true, false]);
});
