// The seal's first steps: the plan, and chains of a share of the tenants.
import { log } from '../../../adapters/log.ts';
import { emitMetric } from '../../../adapters/metrics.ts';
import { METRICS } from '../../../names/metrics.ts';
import { sealChains } from '../../../services/seal/chain-shard.ts';
import { GAP, Sealing } from '../../../services/seal/context.ts';
import { planSeal } from '../../../services/seal/plan.ts';
import type { SealPorts } from '../../../services/seal/port.ts';
import { sealShard } from '../../../services/seal/shard.ts';
import type { ChainsRequest, Planned, PlanRequest, Sharded, ShardRequest } from '../../../services/seal/steps.ts';
import { reportArchived } from '../shared/seal-report.ts';

/** The seal's first two steps: what to seal, and sealing a share of it. */
export function sealStep(ports: SealPorts) {
  return async (
    event: PlanRequest | ChainsRequest | ShardRequest,
    timeLeft: () => number,
  ): Promise<Planned | Sharded> => {
    const sealing = new Sealing(ports);
    try {
      if (event.step === 'chains') return await sealChains(sealing, event, timeLeft);
      if (event.step === 'shard') return await sealShard(sealing, event, timeLeft);
      const planned = await planSeal(sealing);
      if (!('nothing' in planned)) log.info('seal planned', { function: 'seal', ...planned });
      return planned;
    } finally {
      report(sealing);
    }
  };
}

/** Also of a run that failed halfway: what it found is not found again when it was all that was wrong. */
function report({ summary }: Sealing): void {
  if (summary.entries > 0) emitMetric(METRICS.sealedEntries, summary.entries);
  const { segments, entries } = summary.archive;
  if (segments > 0) emitMetric(METRICS.segmentsWritten, segments);
  if (entries > 0) emitMetric(METRICS.entriesArchived, entries);
  for (const short of summary.short)
    log.error('chain could not be sealed as far as it goes', { function: 'seal', ...short });
  const gaps = summary.short.filter(({ reason }) => reason === GAP).length;
  if (gaps > 0) emitMetric(METRICS.sealShort, gaps);
  if (summary.short.length > gaps) emitMetric(METRICS.sealDisputed, summary.short.length - gaps);
  for (const { chain, error } of summary.unrecorded)
    log.error('no entry could be recorded of a disputed chain', { function: 'seal', chain, error });
  for (const fault of summary.ledger)
    log.error('the ledger is not what the archive has', { function: 'seal', ...fault });
  if (summary.ledger.length > 0) emitMetric(METRICS.tamperingDetected, summary.ledger.length);
  reportArchived('seal', summary.archive);
}
