// Expiry over a deployment of test/support/sealing.ts.
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { NO_EXTRA_REDACTION } from '../../core/redact/policy.ts';
import { expire, NOTHING_EXPIRED } from '../../services/expire/expire.ts';
import { newestSealedLog } from '../../services/expire/log.ts';
import type { ExpireTask } from '../../services/expire/steps.ts';
import { HoldEvents } from '../../services/hold/events.ts';
import type { Deployment } from './sealing.ts';

/** Runs expiry of a category to its end, over what is sealed. */
export async function expireCategory(deployment: Deployment, category: string): Promise<void> {
  const now = () => new Date(deployment.now);
  const { store } = deployment;
  const ports = {
    ...{ store, codec: parquetSegments, holds: new HoldEvents(store, now), now, budgetMs: 60_000 },
    ...{ retention: deployment.ports.retention, onFinding: () => undefined },
    newestSeal: async () => newestSealedLog(await deployment.log()),
    recording: { ledger: { append: async () => [] }, redaction: NO_EXTRA_REDACTION, now },
  };
  let task: ExpireTask = { step: 'expire', run: 'run', category, done: false, expired: NOTHING_EXPIRED };
  while (!task.done) task = await expire(task, ports);
}
