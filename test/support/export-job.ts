// A deployment with an export in it.
import { EXPORT_FORMATS } from '../../adapters/export/formats.ts';
import type { Query } from '../../core/query/ast.ts';
import { ALL } from '../../core/query/ast.ts';
import { JOB_STORE } from '../../names/job-store.ts';
import type { ExportPorts } from '../../services/export/advance.ts';
import type { ExportFormat } from '../../services/export/format.ts';
import type { ExportJob } from '../../services/export/job.ts';
import type { ExportFiles } from '../../services/export/port.ts';
import type { JobStore } from '../../services/job-store/port.ts';
import { ServedLog } from '../../services/prove/log.ts';
import { searchHot } from '../../services/search/search.ts';
import { ORIGIN } from './log-signer.ts';
import { DAY_MS, Deployment } from './sealing.ts';
import { searchOver } from './searching.ts';

export const TENANT = 'acme';
export const ID = 'export-1';

/** A sealed deployment with `sealed` entries of a tenant, and `unsealed` behind them. */
export async function deploymentOf(sealed: number, unsealed = 0): Promise<Deployment> {
  const deployment = new Deployment();
  const samples = (count: number, from: number) =>
    Array.from({ length: count }, (_, i) => ({
      category: 'payment',
      recordedAt: deployment.now - 1_000 + from + i,
      members: { id: `e${from + i}`, target: { type: 'case', id: `c${(from + i) % 3}` } },
    }));
  await deployment.record(`${TENANT}#0`, samples(sealed, 0));
  await deployment.record('globex#0', samples(2, 0));
  await deployment.seal();
  if (unsealed > 0) await deployment.record(`${TENANT}#0`, samples(unsealed, sealed));
  return deployment;
}

/** What the worker has, in memory. Files end after `maxRows`. */
export function exportPorts(deployment: Deployment, jobs: JobStore, files: ExportFiles, maxRows = 3): ExportPorts {
  const now = () => deployment.now + DAY_MS;
  const search = searchOver(deployment.blocks, now);
  const short = (format: ExportFormat): ExportFormat => ({ ...format, maxRows });
  const { store, signer: keys } = deployment;
  return {
    ...{ jobs, files, now, budgetMs: 60_000, onGaps: () => undefined },
    source: { rows: (request, gaps) => searchHot(search, request, gaps) },
    formats: new Map([...EXPORT_FORMATS].map(([name, format]) => [name, short(format)])),
    proofs: new ServedLog({ store, keys, origin: ORIGIN, now: () => new Date(now()) }),
  };
}

/** Puts the job in the job store, as its request does. */
export async function begin(jobs: JobStore, deployment: Deployment, format: string, query: Query = ALL): Promise<void> {
  const job: ExportJob = {
    ...{ subject: 'clara', q: '', filter: '', query, period: { from: 0, to: deployment.now + DAY_MS }, split: 0 },
    ...{ order: 'asc', format, status: 'queued', createdAt: deployment.now, rows: 0, isRead: false },
    ...{ files: [], evidence: [], grants: [], expiresAt: 4_000_000_000 },
  };
  await jobs.put(TENANT, JOB_STORE.exports, ID, job, 0);
}
