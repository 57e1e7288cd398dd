// Exports with a fault at each of their writes.
import { describe, expect, test } from '@jest/globals';
import { NONE } from '../../core/query/ast.ts';
import { JOB_STORE } from '../../names/job-store.ts';
import { advanceExport, type ExportPorts, filesOf, giveUpExport } from '../../services/export/advance.ts';
import { changeExport, type ExportJob } from '../../services/export/job.ts';
import { MemoryFiles } from '../fakes/memory-files.ts';
import { MemoryJobStore } from '../fakes/memory-job-store.ts';
import { begin, deploymentOf, exportPorts, ID, TENANT } from '../support/export-job.ts';

class Killed extends Error {}

const TASK = { tenant: TENANT, id: ID };

/** Begun again after every death, as the state machine does. */
async function toTheEnd(ports: ExportPorts): Promise<number> {
  for (let deaths = 0; ; ) {
    try {
      if ((await advanceExport(ports, TASK)).done) return deaths;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      deaths++;
    }
  }
}

const jobOf = async (jobs: MemoryJobStore): Promise<ExportJob> =>
  (await jobs.get<ExportJob>(TENANT, JOB_STORE.exports, ID))!.value;

function contents(files: MemoryFiles, job: ExportJob): Record<string, string> {
  return Object.fromEntries(
    filesOf(job).map(({ name }) => [name, Buffer.from(files.files.get(`${TENANT}/${ID}/${name}`)!).toString('base64')]),
  );
}

/** Every write there is: to a file, its end, to the job store; each either lost, or made and its answer lost. */
function dying(at: number, made: boolean) {
  let writes = 0;
  const dies = () => writes++ === at;
  const files = new MemoryFiles();
  const jobs = new MemoryJobStore((write) => {
    const isTheOne = dies();
    if (isTheOne && !made) throw new Killed();
    const done = write();
    if (isTheOne) throw new Killed();
    return done;
  });
  let closing = false;
  files.onWrite = (_name, step) => {
    const isTheOne = dies();
    closing = isTheOne && step === 'close';
    // Of a piece it makes no difference: nobody sees a file before it is closed.
    if (isTheOne && !(closing && made)) throw new Killed();
  };
  files.onClosed = () => {
    if (closing) throw new Killed();
  };
  return { jobs, files, count: () => writes };
}

describe.each(['csv', 'ndjson'])('an export as %s', (format) => {
  test('killed at any write and begun again is the same export', async () => {
    const deployment = await deploymentOf(7, 1);
    const calm = dying(Number.POSITIVE_INFINITY, false);
    await begin(calm.jobs, deployment, format);
    await toTheEnd(exportPorts(deployment, calm.jobs, calm.files));
    const wanted = contents(calm.files, await jobOf(calm.jobs));
    expect(Object.keys(wanted)).toContain('manifest.json');
    expect((await jobOf(calm.jobs)).status).toBe('succeeded');
    for (let at = 1; at < calm.count(); at++) {
      for (const made of [false, true]) {
        const { jobs, files } = dying(at, made);
        await begin(jobs, deployment, format);
        const deaths = await toTheEnd(exportPorts(deployment, jobs, files));
        expect([at, made, deaths]).toEqual([at, made, 1]);
        expect([at, made, contents(files, await jobOf(jobs))]).toEqual([at, made, wanted]);
      }
    }
  });
});

test('one that is cancelled while a file is written stays cancelled', async () => {
  const deployment = await deploymentOf(7);
  const [jobs, files] = [new MemoryJobStore(), new MemoryFiles()];
  await begin(jobs, deployment, 'csv');
  const ports = exportPorts(deployment, jobs, files);
  let change: Promise<unknown> | undefined;
  files.onClosed = () => {
    change ??= changeExport(jobs, TENANT, ID, (job) => ({ ...job, status: 'cancelled', endedAt: 1 }));
  };
  await toTheEnd(ports);
  await change;
  expect(await jobOf(jobs)).toMatchObject({ status: 'cancelled', files: [] });
});

test('a grant that comes in between is kept', async () => {
  const deployment = await deploymentOf(7);
  const [jobs, files] = [new MemoryJobStore(), new MemoryFiles()];
  await begin(jobs, deployment, 'csv');
  let change: Promise<unknown> | undefined;
  files.onClosed = () => {
    change ??= changeExport(jobs, TENANT, ID, (job) => ({ ...job, grants: ['auditor'] }));
  };
  await toTheEnd(exportPorts(deployment, jobs, files));
  await change;
  expect(await jobOf(jobs)).toMatchObject({ status: 'succeeded', grants: ['auditor'], rows: 7, sealed: 7 });
});

test('of nothing, it fails and says so; given up, it says that too', async () => {
  const deployment = await deploymentOf(1);
  const [jobs, files] = [new MemoryJobStore(), new MemoryFiles()];
  await begin(jobs, deployment, 'csv', NONE);
  const ports = exportPorts(deployment, jobs, files);
  await toTheEnd(ports);
  expect(await jobOf(jobs)).toMatchObject({ status: 'failed', reason: 'Nothing that may be exported was found.' });
  const other = new MemoryJobStore();
  await begin(other, deployment, 'csv');
  await giveUpExport({ ...ports, jobs: other }, TASK);
  expect(await jobOf(other)).toMatchObject({ status: 'failed', reason: expect.stringContaining('given up') });
});
