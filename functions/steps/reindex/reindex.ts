// Steps that build the index anew: the plan, and a share of it.
import { log } from '../../../adapters/log.ts';
import { TENANT_PATTERN } from '../../../names/patterns.ts';
import type { IndexFinding } from '../../../services/index/follow.ts';
import { planReindex, type ReindexPorts, reindexShard } from '../../../services/index/reindex.ts';
import type { Reindexed, ReindexInput, ReindexPlan, ReindexRequest } from '../../../services/index/steps.ts';
import { reportFindings } from '../../shared/index-report.ts';

const TENANT = new RegExp(TENANT_PATTERN);

/** An execution's input can be typed by a person; what it was meant to be is not guessed. */
class ReindexInputError extends Error {
  override readonly name = 'ReindexInputError';
  readonly code = 'input';
}

export interface PlanRequest {
  readonly step: 'plan';
  readonly request: ReindexInput;
}

/** Builds the index anew: what to do, and a share of it. */
export function reindexStep(ports: ReindexPorts) {
  return async (event: PlanRequest | ReindexRequest, timeLeft: () => number): Promise<ReindexPlan | Reindexed> => {
    if (event.step === 'plan') return planReindex(tenantIn(event.request));
    const findings: IndexFinding[] = [];
    try {
      const answer = await reindexShard(ports, event, timeLeft, (finding) => findings.push(finding));
      log.info('index written again', { function: 'reindex', shard: event.shard, ...answer });
      return answer;
    } finally {
      reportFindings('reindex', findings);
    }
  };
}

function tenantIn(request: ReindexInput | null): string | null {
  const tenant = request?.tenant ?? null;
  if (tenant === null || (typeof tenant === 'string' && TENANT.test(tenant))) return tenant;
  throw new ReindexInputError('got a tenant that is none, want {"tenant": its name}, or {} for every tenant');
}
