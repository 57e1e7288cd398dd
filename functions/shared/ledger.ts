// The ledger as functions that append open it.
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { DynamoBlockStore } from '../../adapters/dynamodb/store.ts';
import { log } from '../../adapters/log.ts';
import { emitMetric } from '../../adapters/metrics.ts';
import { zstd } from '../../adapters/zstd.ts';
import { ARCHIVE } from '../../names/archive.ts';
import { LEDGER } from '../../names/ledger.ts';
import { METRICS } from '../../names/metrics.ts';
import { Ledger } from '../../services/append/ledger.ts';
import { type Environment, requiredCount, requiredText } from './environment.ts';

/** The ledger retries by itself, with one deadline for all attempts. */
const WRITER = { attempts: 1 };

export function openLedger(environment: Environment): Ledger {
  return new Ledger({
    store: new DynamoBlockStore(dynamoClient(WRITER), {
      ledgerTable: requiredText(environment, LEDGER.tableEnv),
      requestsTable: requiredText(environment, LEDGER.requestsTableEnv),
      chainsTable: requiredText(environment, ARCHIVE.chainsTableEnv),
      hotWindowSeconds: requiredCount(environment, LEDGER.hotWindowEnv),
    }),
    compression: zstd,
    onLoss: () => emitMetric(METRICS.appendConflicts, 1),
    onDamaged: ({ chain, reason, position }) => {
      log.error('chain not intact', { chain, reason, position });
      emitMetric(METRICS.tamperingDetected, 1);
    },
  });
}
