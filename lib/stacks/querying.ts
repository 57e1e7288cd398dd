// Queries of the archive: the function that answers, and the one that searches.
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ENTRY } from '../../names/entry.ts';
import { JOB_STORE } from '../../names/job-store.ts';
import { QUERY } from '../../names/query.ts';
import type { StageConfig } from '../config/stage.ts';
import { Code, type CodeDefaults, ONE_CORE } from '../constructs/code.ts';
import type { Holdings } from './holdings.ts';

export interface Querying {
  /** Answers over HTTP. */
  readonly queries: Code;
  /** Takes a job further. */
  readonly query: Code;
}

export function querying(scope: Construct, { redaction }: StageConfig, defaults: CodeDefaults): Querying {
  return {
    queries: new Code(
      scope,
      'Queries',
      {
        name: 'queries',
        description: 'Queries of the archive: begin, read, cancel',
        // A page of entries is read, hashed and matched.
        memorySize: ONE_CORE,
        // Below API Gateway's 30 s, so that the caller gets an answer from the function.
        timeout: Duration.seconds(20),
        environment: { [ENTRY.redactionEnv]: JSON.stringify(redaction) },
      },
      defaults,
    ),
    query: new Code(
      scope,
      'Query',
      {
        name: 'query',
        description: 'Takes queries of the archive from slice to slice',
        // The rows of a slice are hashed and matched once, four megabytes at a time.
        memorySize: ONE_CORE,
        timeout: Duration.seconds(QUERY.timeoutSeconds),
      },
      defaults,
    ),
  };
}

export function grantQuerying({ queries, query }: Querying, { data, reading, identity }: Holdings): void {
  identity.describeAccess(queries);
  data.ledger.grantAppend(queries);
  data.archive.grantKeep(queries);
  reading.jobStore.grantListItems(queries);
  reading.jobStore.grantItems(query);
  reading.jobStore.grantReadResults(queries, JOB_STORE.athenaPrefix);
  reading.catalog.grantQuery(query);
}
