// What functions that write the index work on.
import type { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { DynamoIndexStore } from '../../adapters/dynamodb/index-store.ts';
import { DynamoWalk } from '../../adapters/dynamodb/walk.ts';
import { zstd } from '../../adapters/zstd.ts';
import { LEDGER } from '../../names/ledger.ts';
import type { IndexPorts } from '../../services/index/port.ts';
import { type Environment, requiredCount, requiredText } from './environment.ts';
import { indexedFacets, indexTable } from './index.ts';

/** For functions that write the index from the ledger. */
export function indexPorts(environment: Environment, dynamo: ReturnType<typeof dynamoClient>): IndexPorts {
  return {
    store: new DynamoIndexStore(dynamo, indexTable(environment)),
    ledger: new DynamoWalk(dynamo, { ledgerTable: requiredText(environment, LEDGER.tableEnv) }),
    compression: zstd,
    facets: indexedFacets(environment),
    hotWindowSeconds: requiredCount(environment, LEDGER.hotWindowEnv),
    now: () => new Date(),
  };
}
