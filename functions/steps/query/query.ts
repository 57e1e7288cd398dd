// One step of a search of the archive.
import { log } from '../../../adapters/log.ts';
import { emitMetric } from '../../../adapters/metrics.ts';
import { METRICS } from '../../../names/metrics.ts';
import { TENANT_PATTERN } from '../../../names/patterns.ts';
import { type AdvancePorts, advance, giveUp } from '../../../services/query/advance.ts';
import { readJob } from '../../../services/query/job.ts';
import type { QueryStep, QueryTask } from '../../../services/query/steps.ts';

const TENANT = new RegExp(TENANT_PATTERN);

/** What an execution was started with is no job's name. */
class QueryInputError extends Error {
  override readonly name = 'QueryInputError';
  readonly code = 'input';
}

/** One step of a search of the archive. */
export function queryStep(ports: AdvancePorts) {
  return async (payload: unknown): Promise<QueryStep> => {
    const task = readTask(payload);
    const before = await plantedIn(ports, task);
    const step = task.gaveUp === true ? await giveUp(ports, task) : await advance(ports, task);
    const planted = (await plantedIn(ports, task)) - before;
    if (planted > 0) {
      log.error('the archive has rows that are no entries', { function: 'query', id: task.id, planted });
      emitMetric(METRICS.tamperingDetected, planted);
    }
    if (step.done) log.info('search of the archive ended', { function: 'query', id: task.id });
    return step;
  };
}

async function plantedIn({ jobs }: AdvancePorts, { tenant, id }: QueryTask): Promise<number> {
  return (await readJob(jobs, tenant, id))?.value.planted ?? 0;
}

function readTask(payload: unknown): QueryTask {
  const { tenant, id, gaveUp } = (payload ?? {}) as Partial<QueryTask>;
  if (typeof tenant !== 'string' || !TENANT.test(tenant) || typeof id !== 'string' || id === '') {
    throw new QueryInputError('got no job, want {"tenant": its tenant, "id": its id}');
  }
  return { tenant, id, ...(gaveUp === true ? { gaveUp } : {}) };
}
