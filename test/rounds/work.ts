/** What a round kills in the middle of: a seal, an expiry, an export, or nothing but ingest and archive. */
import { randomUUID } from 'node:crypto';
import { StateMachines } from '../../adapters/stepfunctions/executions.ts';
import type { Runtime } from '../e2e/runtime.ts';
import { TENANT } from './writers.ts';

export const MOMENTS = ['ingest', 'archive', 'seal', 'expire', 'export'] as const;
export type Moment = (typeof MOMENTS)[number];

/** What is archived in a second, so that archive, seal and expiry have something to do in every round. */
export const CONFIG = { retention: { debug: 'PT2S' }, archive: { batchWindow: 'PT1S' } };

const MACHINES: Partial<Record<Moment, string>> = { seal: 'Indelible-Seal', expire: 'Indelible-Expire' };

/** Resolves once the work has begun; how far it comes is the killing's business. */
export async function begin(moment: Moment, runtime: Runtime): Promise<void> {
  const machine = MACHINES[moment];
  if (machine !== undefined) {
    const machines = new StateMachines(new URL(runtime.awsUrl));
    const arn = await machines.find(machine);
    if (arn === undefined) throw new Error(`there is no state machine ${machine}`);
    await machines.start(arn, {});
  }
  if (moment === 'export') await startExport(runtime);
}

/** A busy machine cuts a function off: whoever wants an export asks again, under the same key. */
const ATTEMPTS = 5;

async function startExport(runtime: Runtime): Promise<void> {
  const token = await runtime.token(TENANT, 'compliance', { subject: 'officer' });
  const key = randomUUID();
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(`${runtime.url}/v1/exports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ q: 'category:payment', format: 'csv' }),
    });
    const text = await response.text();
    if (response.status < 300) return;
    if (response.status < 500 || attempt === ATTEMPTS) throw new Error(`an export: ${response.status} ${text}`);
  }
}
