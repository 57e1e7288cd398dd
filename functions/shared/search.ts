// The hot window as functions that search open it.
import { DynamoBlockFetcher } from '../../adapters/dynamodb/block-fetcher.ts';
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { DynamoPostings } from '../../adapters/dynamodb/index.ts';
import { zstd } from '../../adapters/zstd.ts';
import { FACETS } from '../../names/index.ts';
import { LEDGER } from '../../names/ledger.ts';
import type { HistogramPorts } from '../../services/histogram/port.ts';
import { Chains } from '../../services/search/chains.ts';
import { openKeeping, openRecovery } from './archive-reading.ts';
import { type Environment, requiredCount, requiredText } from './environment.ts';
import { indexedFacets, indexTable } from './index.ts';

/** For functions that search the hot window. */
export function openSearch(environment: Environment, now: () => Date): HistogramPorts {
  const client = dynamoClient();
  const time = () => now().getTime();
  const index = new DynamoPostings(client, indexTable(environment));
  const fetcher = new DynamoBlockFetcher(client, { ledgerTable: requiredText(environment, LEDGER.tableEnv) });
  const keeping = openKeeping(environment, now);
  return {
    ...{ index, fetcher, compression: zstd, now: time },
    ...{ recovery: openRecovery(environment, now), keeping },
    ...{ tallies: index, passed: (tenant: string) => keeping.passed(tenant) },
    chains: new Chains(index, fetcher, time),
    facets: Object.fromEntries(indexedFacets(environment).map((facet) => [facet, FACETS[facet]])),
    hotWindowMs: requiredCount(environment, LEDGER.hotWindowEnv) * 1_000,
  };
}
