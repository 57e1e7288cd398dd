/** Writes bundles, keys, kept checkpoints and entry proofs for a verifier that shares no code with this one. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiClient } from '../../../cli/export/client.ts';
import { exportTo } from '../../../cli/export/command.ts';
import { ApiSource } from '../../../cli/export/source.ts';
import { checkpointKey } from '../../../names/log.ts';
import type { Period } from '../../../services/bundle/plan.ts';
import { bundleByJob } from '../../support/bundle-job.ts';
import type { Deployment } from '../../support/sealing.ts';
import { entriesOf, Serving } from '../../support/serving.ts';
import { LocalApi } from './api.ts';
import { expired, expiring, held, plain, several } from './deployments.ts';
import { writeUnfaithful } from './unfaithful.ts';

interface Made {
  readonly deployment: () => Promise<Deployment>;
  readonly periods?: Readonly<Record<string, Period>>;
}

const MADE: Readonly<Record<string, Made>> = {
  plain: { deployment: plain },
  expired: { deployment: expired, periods: { 'expired-from': { from: '2026-03-02' } } },
  expiring: { deployment: expiring, periods: { 'expiring-from': { from: '2026-03-02' } } },
  held: { deployment: held },
  several: {
    deployment: several,
    periods: {
      'several-from': { from: '2026-03-04' },
      'several-to': { to: '2026-03-02' },
      'several-days': { from: '2026-03-03', to: '2026-03-03' },
    },
  },
};

const [given] = process.argv.slice(2);
if (given === undefined) throw new Error('got no folder, want one to write to');
const folder = given;
await mkdir(folder, { recursive: true });
for (const [name, { deployment, periods = {} }] of Object.entries(MADE)) {
  await writeBundles(name, await deployment(), { [name]: {}, ...periods });
}
await writeUnfaithful(folder);

async function writeBundles(name: string, deployment: Deployment, periods: Readonly<Record<string, Period>>) {
  const serving = new Serving(deployment);
  const api = await LocalApi.open(serving);
  try {
    for (const [bundle, period] of Object.entries(periods)) {
      await exportTo(await ApiSource.open(new ApiClient(api.url, 'token')), join(folder, `${bundle}.zip`), period);
      await writeFile(join(folder, `${bundle}-by-job.zip`), await bundleByJob(deployment, period));
      for (const made of [bundle, `${bundle}-by-job`]) {
        await writeFile(join(folder, `${made}.keys`), (await serving.get('logKeys')).bytes);
        await writeFile(join(folder, `${made}.checkpoint`), kept(deployment));
      }
    }
  } finally {
    await api.close();
  }
  if (name === 'plain') await writeProofs(serving, deployment);
}

/** The checkpoint of the last seal but one, as somebody may have kept it. */
function kept({ store }: Deployment): Uint8Array {
  const seals = store.keys('seals/').filter((key) => key.endsWith('/checkpoint')).length;
  return store.object(checkpointKey(seals - 2)).bytes;
}

async function writeProofs(serving: Serving, deployment: Deployment): Promise<void> {
  const proofs: { entry: string; proof: string }[] = [];
  for (const chain of [0, 2]) {
    for (const [position, entry] of entriesOf(deployment, `acme#${chain}`).entries()) {
      const { text } = await serving.get('proof', { path: { chain, position } });
      proofs.push({ entry: Buffer.from(entry).toString(), proof: text });
    }
  }
  await writeFile(join(folder, 'proofs.json'), JSON.stringify(proofs));
}
