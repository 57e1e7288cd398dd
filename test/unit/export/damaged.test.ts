// Exports over a ledger that somebody damaged: the job finishes, and its manifest says what it lacks.
import { expect, test } from '@jest/globals';
import { EXPORT_MANIFEST } from '../../../core/export/manifest.ts';
import { entrySource } from '../../../functions/steps/export/source.ts';
import { JOB_STORE } from '../../../names/job-store.ts';
import { advanceExport } from '../../../services/export/advance.ts';
import type { ExportJob } from '../../../services/export/job.ts';
import { MemoryFiles } from '../../fakes/memory-files.ts';
import { MemoryJobStore } from '../../fakes/memory-job-store.ts';
import { Damaging } from '../../support/damaging.ts';
import { begin, deploymentOf, exportPorts, ID, TENANT } from '../../support/export-job.ts';
import type { Deployment } from '../../support/sealing.ts';

const NO_ARCHIVE = {
  queries: { start: never, status: never, stop: never, rows: never },
  extent: { firstDays: never },
  sleep: async () => undefined,
};

function never(): never {
  throw new Error('got the archive asked, of which nothing is wanted');
}

async function exported(deployment: Deployment): Promise<{ job: ExportJob; manifest: unknown; lines: string[] }> {
  const [jobs, files] = [new MemoryJobStore(), new MemoryFiles()];
  await begin(jobs, deployment, 'ndjson');
  const source = entrySource(new Damaging(deployment).ports, NO_ARCHIVE);
  const ports = { ...exportPorts(deployment, jobs, files), source };
  while (!(await advanceExport(ports, { tenant: TENANT, id: ID })).done);
  const job = (await jobs.get<ExportJob>(TENANT, JOB_STORE.exports, ID))!.value;
  const text = (name: string) => Buffer.from(files.files.get(`${TENANT}/${ID}/${name}`) ?? []).toString();
  const lines = job.files.flatMap(({ name }) => text(name).split('\n').slice(0, -1));
  return { job, manifest: job.manifest && EXPORT_MANIFEST.parse(Buffer.from(text('manifest.json'))), lines };
}

/** The second of two blocks. */
function overwrite(deployment: Deployment): { first: number; last: number } {
  const history = deployment.history.get(`${TENANT}#0`)!;
  const block = history.at(-1)!;
  deployment.blocks.put({ ...block, link: new Uint8Array(32) });
  return { first: block.position, last: block.position + block.count - 1 };
}

test('an export takes from the archive what the ledger has lost, and its manifest says so', async () => {
  const deployment = await deploymentOf(3, 4);
  const before = await exported(deployment);
  const lost = overwrite(deployment);
  const { job, manifest, lines } = await exported(deployment);
  const gap = { tenant: TENANT, chain: 0, ...lost, reason: 'altered', recovered: true };
  expect(job).toMatchObject({ status: 'succeeded', rows: before.job.rows, gaps: [gap] });
  expect(lines).toEqual(before.lines);
  expect(manifest).toMatchObject({ gaps: [gap] });
  expect(before.manifest).not.toHaveProperty('gaps');
});

test('an export of which something is lost for good has the rest, and its manifest names the place', async () => {
  const deployment = await deploymentOf(3);
  // The archive has not heard of them yet.
  deployment.append(`${TENANT}#0`, deployment.some('payment', 4));
  const lost = overwrite(deployment);
  const { job, manifest, lines } = await exported(deployment);
  const gap = { tenant: TENANT, chain: 0, ...lost, reason: 'altered' };
  const count = lost.last - lost.first + 1;
  expect(job).toMatchObject({ status: 'succeeded', rows: 7 - count, gaps: [gap] });
  expect(lines).toHaveLength(7 - count);
  expect(manifest).toMatchObject({ rows: 7 - count, gaps: [gap] });
});
