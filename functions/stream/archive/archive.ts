// The batch of the stream that becomes segments, and what it reports.
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { toLedgerChange } from '../../../adapters/dynamodb/stream.ts';
import { log } from '../../../adapters/log.ts';
import { emitMetric } from '../../../adapters/metrics.ts';
import { METRICS } from '../../../names/metrics.ts';
import { archive } from '../../../services/archive/archive.ts';
import type { ArchivePorts, ArchiveSummary } from '../../../services/archive/context.ts';
import { recordTampering } from '../../../services/archive/record-tampering.ts';
import type { Recording } from '../../../services/record/record.ts';

/** The ledger's stream to segments under Object Lock (docs/archive.md), and what it found of tampering to the trail concerned. */
export function archiveStream(ports: ArchivePorts, recording: Recording) {
  return async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const { summary, failures, putAside, failedFrom } = await archive(event.Records.map(toLedgerChange), ports);
    report(summary);
    for (const { chain, error } of failures) log.error('chain not archived', { function: 'archive', chain, error });
    for (const { chain, error } of putAside) log.error('chain put aside', { function: 'archive', chain, error });
    await recordTampering(summary.findings, recording);
    return { batchItemFailures: failedFrom === undefined ? [] : [{ itemIdentifier: failedFrom }] };
  };
}

function report({ segments, entries, lagMs, findings, gaps }: ArchiveSummary): void {
  if (segments > 0) emitMetric(METRICS.segmentsWritten, segments);
  if (entries > 0) emitMetric(METRICS.entriesArchived, entries);
  if (lagMs !== undefined) emitMetric(METRICS.archiveLag, Math.max(0, lagMs), 'Milliseconds');
  // A gap is kept as evidence too, but it is a loss until it is known to be more.
  const tampering = findings.filter(({ reason }) => reason !== 'gap');
  for (const finding of tampering) log.error('tampering detected', { function: 'archive', ...finding });
  if (tampering.length > 0) emitMetric(METRICS.tamperingDetected, tampering.length);
  for (const gap of gaps) log.error('positions are missing', { function: 'archive', ...gap });
  if (gaps.length > 0) emitMetric(METRICS.archiveGap, gaps.length);
}
