// The archive beside the ledger, for functions that read entries: what it can stand in for, and what has expired.

import { DynamoBlockFetcher } from '../../adapters/dynamodb/block-fetcher.ts';
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { log as logger } from '../../adapters/log.ts';
import { emitMetric } from '../../adapters/metrics.ts';
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { s3Client } from '../../adapters/s3/client.ts';
import { S3EvidenceStore } from '../../adapters/s3/evidence.ts';
import { zstd } from '../../adapters/zstd.ts';
import type { Gap } from '../../core/gap/gap.ts';
import { ARCHIVE } from '../../names/archive.ts';
import { HOLD } from '../../names/hold.ts';
import { LEDGER } from '../../names/ledger.ts';
import { LOG } from '../../names/log.ts';
import { METRICS } from '../../names/metrics.ts';
import { HoldEvents } from '../../services/hold/events.ts';
import { RecentHolds } from '../../services/hold/recent.ts';
import { ServedLog } from '../../services/prove/log.ts';
import { SegmentBodies } from '../../services/prove/segments.ts';
import { RetentionKeeping } from '../../services/read/keeping.ts';
import { ArchiveRecovery } from '../../services/read/recovery.ts';
import type { Recovery } from '../../services/search/port.ts';
import { type Environment, requiredText } from './environment.ts';
import { logKeys } from './log.ts';
import { blockReader } from './reader.ts';
import { readRetention } from './retention.ts';

export function openKeeping(environment: Environment, now: () => Date): RetentionKeeping {
  const store = evidenceStore(environment);
  const holds = new RecentHolds(new HoldEvents(store, now), HOLD.cacheSeconds * 1_000, now);
  return new RetentionKeeping({ retention: readRetention(environment), holds, store, now: () => now().getTime() });
}

export function openRecovery(environment: Environment, now: () => Date): Recovery {
  const store = evidenceStore(environment);
  const origin = requiredText(environment, LOG.originEnv);
  const onAltered = ({ object: { key, version } }: { object: { key: string; version: string } }) => {
    logger.error('sealed segment altered', { key, version });
    emitMetric(METRICS.tamperingDetected, 1);
  };
  return new ArchiveRecovery({
    ...{ store, codec: parquetSegments, compression: zstd, now },
    log: new ServedLog({ store, keys: logKeys(environment), origin, now }),
    segments: new SegmentBodies({ store, codec: parquetSegments, onAltered }),
    blocks: blockReader(environment),
    fetcher: new DynamoBlockFetcher(dynamoClient(), { ledgerTable: requiredText(environment, LEDGER.tableEnv) }),
  });
}

/** What a reader came to is logged and rings, besides being said in the answer. */
export function reportGaps(name: string): (gaps: readonly Gap[]) => void {
  return (gaps) => {
    logger.error('the ledger is not as it should be', { function: name, gaps });
    emitMetric(METRICS.tamperingDetected, 1);
  };
}

function evidenceStore(environment: Environment): S3EvidenceStore {
  return new S3EvidenceStore(s3Client(), requiredText(environment, ARCHIVE.bucketEnv));
}
