// Steps of a verification: the plan, a shard, the report.
import { log } from '../../../adapters/log.ts';
import { emitMetric } from '../../../adapters/metrics.ts';
import { METRICS } from '../../../names/metrics.ts';
import { finalizeVerification } from '../../../services/verify/finalize.ts';
import { planVerification } from '../../../services/verify/plan.ts';
import type { VerifyPorts } from '../../../services/verify/port.ts';
import { verifyShard } from '../../../services/verify/shard.ts';
import type { FinalizeOutput, PlanOutput, ShardOutput, VerifyInput } from '../../../services/verify/steps.ts';

const OUTCOMES = {
  passed: METRICS.verificationPassed,
  failed: METRICS.verificationFailed,
  incomplete: METRICS.verificationIncomplete,
} as const;

/** The steps of the verification state machine (names/verify.ts). */
export function verifySteps(given: Omit<VerifyPorts, 'onOutcome'>) {
  const ports: VerifyPorts = { ...given, onOutcome: (outcome) => emitMetric(OUTCOMES[outcome], 1) };
  return async (event: VerifyInput, timeLeft: () => number): Promise<PlanOutput | ShardOutput | FinalizeOutput> => {
    if (event.step === 'shard') return verifyShard(event, ports, timeLeft);
    if (event.step === 'plan') {
      const planned = await planVerification(event, ports);
      log.info('verification planned', { function: 'verify', id: planned.id, shards: planned.shards.length });
      return planned;
    }
    const finalized = await finalizeVerification(event, ports, timeLeft);
    const { id, verdict, report, done } = finalized;
    const line = { function: 'verify', id, verdict, report: report.key, done };
    if (verdict === 'intact') log.info('verification passed', line);
    else log.error('verification did not pass', line);
    return finalized;
  };
}
