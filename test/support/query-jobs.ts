// Jobs of searches over an archive in memory.
import type { Reader } from '../../core/access/reader.ts';
import type { Entry } from '../../core/entry/schema.ts';
import { ALL, type Query } from '../../core/query/ast.ts';
import { JOB_STORE } from '../../names/job-store.ts';
import { type AdvancePorts, advance, giveUp } from '../../services/query/advance.ts';
import type { FirstDays } from '../../services/query/extent.ts';
import { type JobRequest, newJob, type QueryJob, readJob } from '../../services/query/job.ts';
import { BEGINNING, readPage } from '../../services/query/page.ts';
import type { Found, Order } from '../../services/search/port.ts';
import { FakeArchiveQueries, type FakeOptions, type FakeRow } from '../fakes/archive-queries.ts';
import { MemoryJobStore } from '../fakes/memory-job-store.ts';
import { archiveRowsOf, type EntryDraft } from './athena.ts';

export const TENANT = 'acme';
export const JOB = 'job-1';
export const NOW = Date.parse('2026-06-01T12:00:00.000Z');
const DAY = 86_400_000;

export const READER: Reader = {
  ...{ tenant: TENANT, subject: 'u1', role: 'compliance', recorder: { type: 'token', id: 'u1' } },
  ...{ filter: ALL, visibleFrom: 0, mayDownload: true },
};

/** Entries some hours apart, newest at the last day, of two chains. */
export function rowsOf(count: number, tenant = TENANT, draft: Partial<EntryDraft> = {}): FakeRow[] {
  return [0, 1].flatMap((chain) => {
    const drafts = Array.from({ length: count }, (_, i) => ({
      ...{ recordedAt: new Date(NOW - (count - i) * 5 * 3_600_000).toISOString(), description: `${chain}/${i}` },
      ...draft,
    }));
    return archiveRowsOf(tenant, chain, drafts).map((row) => ({
      ...{ ...row, chain, recordedAt: Date.parse(row.entry.recordedAt) },
    }));
  });
}

export interface JobOptions extends FakeOptions {
  readonly query?: Query;
  readonly order?: Order;
  readonly limit?: number;
  readonly days?: number;
  readonly deskFault?: (write: () => boolean) => boolean;
}

/** One job on a job store in memory, over an archive in memory. Time goes on when somebody waits. */
export class JobBench {
  readonly jobs: MemoryJobStore;
  readonly queries: FakeArchiveQueries;
  readonly ports: AdvancePorts;
  readonly request: JobRequest;
  now = NOW;

  constructor(rows: readonly FakeRow[], options: JobOptions = {}) {
    this.jobs = new MemoryJobStore(options.deskFault);
    this.queries = new FakeArchiveQueries(rows, options);
    const { query = ALL, order = 'desc', limit = 1_000, days = 20 } = options;
    this.request = { q: '', query, order, limit, period: { from: NOW - days * DAY, to: NOW } };
    this.ports = {
      extent: { firstDays: async (tenant) => firstDaysOf(rows, tenant) },
      ...{ jobs: this.jobs, queries: this.queries, budgetMs: 100_000, now: () => this.now },
      sleep: async (ms) => {
        this.now += ms;
      },
    };
  }

  async begin(reader: Reader = READER): Promise<void> {
    const job = newJob(reader, this.request, NOW);
    await this.jobs.put(TENANT, JOB_STORE.queries, JOB, job, 0, job.expiresAt);
  }

  /** As the state machine does: a step that throws is tried again, a few times in all. */
  async toEnd(patience = 5): Promise<QueryJob> {
    const task = { tenant: TENANT, id: JOB };
    for (let failures = 0; ; ) {
      try {
        const { done, waitSeconds } = await advance(this.ports, task);
        if (done) return this.job();
        this.now += waitSeconds * 1_000;
      } catch (error) {
        if (++failures > patience) throw error;
      }
    }
  }

  giveUp() {
    return giveUp(this.ports, { tenant: TENANT, id: JOB });
  }

  async job(): Promise<QueryJob> {
    return (await readJob(this.jobs, TENANT, JOB))!.value;
  }

  /** All that can be read by now, in pages of this many. */
  async found(entries = 7, isVisible: (found: Found) => boolean = () => true): Promise<Found[]> {
    const all: Found[] = [];
    for (let from = BEGINNING; ; ) {
      const bounds = { entries, bytes: 1_000_000 };
      const page = await readPage(this.queries, TENANT, await this.job(), from, bounds, isVisible);
      all.push(...page.found);
      from = page.next;
      if (page.atEnd) return all;
    }
  }
}

/** By category, the first day of a tenant's rows. */
function firstDaysOf(rows: readonly FakeRow[], tenant: string): FirstDays {
  const days: Record<string, string> = {};
  for (const { bytes } of rows) {
    const entry = JSON.parse(Buffer.from(bytes).toString()) as Entry;
    const day = entry.recordedAt.slice(0, 10);
    if (entry.tenant === tenant && !(days[entry.category]! <= day)) days[entry.category] = day;
  }
  return days;
}

export const placesOf = (found: readonly { chain: number; position: number }[]): string[] =>
  found.map(({ chain, position }) => `${chain}/${position}`);

/** Where a naive search finds what was recorded in the job's period. */
export function expected(rows: readonly FakeRow[], { period, order, limit }: JobRequest): string[] {
  const sign = order === 'desc' ? -1 : 1;
  const inside = rows.filter(({ recordedAt }) => recordedAt >= period.from && recordedAt < period.to);
  const sorted = inside.toSorted(
    (a, b) => sign * (a.recordedAt - b.recordedAt || a.chain - b.chain || a.position - b.position),
  );
  return placesOf(sorted.slice(0, limit));
}
