// What the index found that the ledger should not hold, as log lines and a metric.
import { log } from '../../adapters/log.ts';
import { emitMetric } from '../../adapters/metrics.ts';
import { METRICS } from '../../names/metrics.ts';
import type { IndexFinding } from '../../services/index/follow.ts';

/** What the ledger should not hold is tampering whoever comes upon it. */
export function reportFindings(name: string, findings: readonly IndexFinding[]): void {
  for (const finding of findings) log.error('the ledger holds what it should not', { function: name, ...finding });
  if (findings.length > 0) emitMetric(METRICS.tamperingDetected, findings.length);
}
