// The batch of notices that becomes rows of the index, and what it reports.
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { log } from '../../../adapters/log.ts';
import { emitMetric } from '../../../adapters/metrics.ts';
import { MAX_CHAINS } from '../../../core/chain.ts';
import { METRICS } from '../../../names/metrics.ts';
import { TENANT_PATTERN } from '../../../names/patterns.ts';
import { indexNotices, type Wake } from '../../../services/index/notices.ts';
import type { IndexPorts } from '../../../services/index/port.ts';
import type { BlockNotice } from '../../../services/relay/port.ts';
import { reportFindings } from '../../shared/index-report.ts';

const TENANT = new RegExp(TENANT_PATTERN);

/** The topic's notices to the index (docs/index.md). */
export function indexQueue(ports: IndexPorts) {
  return async (event: SQSEvent, timeLeft: () => number): Promise<SQSBatchResponse> => {
    const { summary, failed, failures } = await indexNotices(event.Records.map(toWake), ports, timeLeft);
    if (summary.entries > 0) emitMetric(METRICS.entriesIndexed, summary.entries);
    if (summary.lagMs !== undefined) emitMetric(METRICS.indexLag, Math.max(0, summary.lagMs), 'Milliseconds');
    reportFindings('index', summary.findings);
    for (const { chain, error } of failures) log.error('chain not indexed', { function: 'index', chain, error });
    if (failed.length > 0) log.warn('notices come again', { function: 'index', notices: failed.length });
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** Anybody who may send to the queue can wake the index; what is no notice ends in the dead-letter queue. */
function toWake({ messageId: id, body }: SQSRecord): Wake {
  let notice: unknown;
  try {
    notice = JSON.parse(body);
  } catch {
    return { id, notice: undefined };
  }
  return { id, notice: isNotice(notice) ? notice : undefined };
}

function isNotice(value: unknown): value is BlockNotice {
  const { v, tenant, chain, position, count } = (value ?? {}) as Partial<BlockNotice>;
  const whole = (number: unknown, below: number) =>
    Number.isSafeInteger(number) && Number(number) >= 0 && Number(number) < below;
  return (
    v === 1 &&
    typeof tenant === 'string' &&
    TENANT.test(tenant) &&
    whole(chain, MAX_CHAINS) &&
    whole(position, Number.MAX_SAFE_INTEGER) &&
    whole(count, Number.MAX_SAFE_INTEGER)
  );
}
