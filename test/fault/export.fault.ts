import { describe, expect, test } from '@jest/globals';
import { NONE } from '../../core/query/ast.ts';
import { DESK } from '../../names/desk.ts';
import { advanceExport, type ExportPorts, filesOf, giveUpExport } from '../../services/export/advance.ts';
import { changeExport, type ExportJob } from '../../services/export/job.ts';
import { MemoryDesk } from '../fakes/memory-desk.ts';
import { MemoryFiles } from '../fakes/memory-files.ts';
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

const jobOf = async (desk: MemoryDesk): Promise<ExportJob> =>
  (await desk.get<ExportJob>(TENANT, DESK.exports, ID))!.value;

function contents(files: MemoryFiles, job: ExportJob): Record<string, string> {
  return Object.fromEntries(
    filesOf(job).map(({ name }) => [name, Buffer.from(files.files.get(`${TENANT}/${ID}/${name}`)!).toString('base64')]),
  );
}

/** Every write there is: to a file, its end, to the desk; each either lost, or made and its answer lost. */
function dying(at: number, made: boolean) {
  let writes = 0;
  const dies = () => writes++ === at;
  const files = new MemoryFiles();
  const desk = new MemoryDesk((write) => {
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
  return { desk, files, count: () => writes };
}

describe.each(['csv', 'ndjson'])('an export as %s', (format) => {
  test('killed at any write and begun again is the same export', async () => {
    const deployment = await deploymentOf(7, 1);
    const calm = dying(Number.POSITIVE_INFINITY, false);
    await begin(calm.desk, deployment, format);
    await toTheEnd(exportPorts(deployment, calm.desk, calm.files));
    const wanted = contents(calm.files, await jobOf(calm.desk));
    expect(Object.keys(wanted)).toContain('manifest.json');
    expect((await jobOf(calm.desk)).status).toBe('succeeded');
    for (let at = 1; at < calm.count(); at++) {
      for (const made of [false, true]) {
        const { desk, files } = dying(at, made);
        await begin(desk, deployment, format);
        const deaths = await toTheEnd(exportPorts(deployment, desk, files));
        expect([at, made, deaths]).toEqual([at, made, 1]);
        expect([at, made, contents(files, await jobOf(desk))]).toEqual([at, made, wanted]);
      }
    }
  });
});

test('one that is cancelled while a file is written stays cancelled', async () => {
  const deployment = await deploymentOf(7);
  const [desk, files] = [new MemoryDesk(), new MemoryFiles()];
  await begin(desk, deployment, 'csv');
  const ports = exportPorts(deployment, desk, files);
  let change: Promise<unknown> | undefined;
  files.onClosed = () => {
    change ??= changeExport(desk, TENANT, ID, (job) => ({ ...job, status: 'cancelled', endedAt: 1 }));
  };
  await toTheEnd(ports);
  await change;
  expect(await jobOf(desk)).toMatchObject({ status: 'cancelled', files: [] });
});

test('a grant that comes in between is kept', async () => {
  const deployment = await deploymentOf(7);
  const [desk, files] = [new MemoryDesk(), new MemoryFiles()];
  await begin(desk, deployment, 'csv');
  let change: Promise<unknown> | undefined;
  files.onClosed = () => {
    change ??= changeExport(desk, TENANT, ID, (job) => ({ ...job, grants: ['auditor'] }));
  };
  await toTheEnd(exportPorts(deployment, desk, files));
  await change;
  expect(await jobOf(desk)).toMatchObject({ status: 'succeeded', grants: ['auditor'], rows: 7, sealed: 7 });
});

test('of nothing, it fails and says so; given up, it says that too', async () => {
  const deployment = await deploymentOf(1);
  const [desk, files] = [new MemoryDesk(), new MemoryFiles()];
  await begin(desk, deployment, 'csv', NONE);
  const ports = exportPorts(deployment, desk, files);
  await toTheEnd(ports);
  expect(await jobOf(desk)).toMatchObject({ status: 'failed', reason: 'Nothing that may be exported was found.' });
  const other = new MemoryDesk();
  await begin(other, deployment, 'csv');
  await giveUpExport({ ...ports, desk: other }, TASK);
  expect(await jobOf(other)).toMatchObject({ status: 'failed', reason: expect.stringContaining('given up') });
});
