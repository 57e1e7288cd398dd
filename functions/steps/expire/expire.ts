// Steps of the expiry: the plan, and one category of it.
import { log } from '../../../adapters/log.ts';
import { emitMetric } from '../../../adapters/metrics.ts';
import { METRICS, type MetricName } from '../../../names/metrics.ts';
import { expire } from '../../../services/expire/expire.ts';
import { planExpiry } from '../../../services/expire/plan.ts';
import type { ExpirePorts } from '../../../services/expire/port.ts';
import type { ExpirePlan, ExpireSums, ExpireTask } from '../../../services/expire/steps.ts';
import { type ReconcilePorts, reconcileHolds } from '../../../services/hold/reconcile.ts';
import { readPayload } from './payload.ts';

export interface Expire {
  readonly ports: ExpirePorts;
  readonly holds: ReconcilePorts;
  readonly newId: () => string;
}

/** The steps of the expiry state machine (names/expire.ts). */
export function expireSteps({ ports, holds, newId }: Expire) {
  return async (payload: unknown): Promise<ExpirePlan | ExpireTask> => {
    const asked = readPayload(payload);
    if (asked.step === 'plan') {
      const { input = {} } = asked;
      // First, so that what a lost start left unmarked is about to be marked when expiry comes by.
      const sweeps = await reconcileHolds(holds, input.tenant);
      const run = newId();
      return { run, tasks: await planExpiry(run, input, ports), sweeps };
    }
    const answer = await expire(asked, ports);
    report(asked.expired, answer.expired);
    log.info('category expired', { function: 'expire', run: answer.run, category: answer.category, ...answer.expired });
    return answer;
  };
}

function report(before: ExpireSums, after: ExpireSums): void {
  const counted: readonly [MetricName, keyof ExpireSums][] = [
    [METRICS.segmentsExpired, 'segments'],
    [METRICS.expiryHeld, 'held'],
    [METRICS.expiryFindings, 'findings'],
  ];
  for (const [metric, sum] of counted) {
    const count = after[sum] - before[sum];
    if (count > 0) emitMetric(metric, count);
  }
}
