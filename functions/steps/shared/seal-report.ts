// What a seal archived, as metrics.
import { log } from '../../../adapters/log.ts';
import { emitMetric } from '../../../adapters/metrics.ts';
import { METRICS } from '../../../names/metrics.ts';
import type { ArchiveSummary } from '../../../services/archive/context.ts';

/** What stood where a segment or a document of a seal belongs, and is kept as evidence. */
export function reportArchived(name: 'seal' | 'publish', { findings }: ArchiveSummary): void {
  for (const finding of findings) log.error('foreign object', { function: name, ...finding });
  if (findings.length > 0) emitMetric(METRICS.foreignObject, findings.length);
}
