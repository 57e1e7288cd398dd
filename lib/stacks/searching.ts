// Searches of the hot window: the function that answers.
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ENTRY } from '../../names/entry.ts';
import type { StageConfig } from '../config/stage.ts';
import { Code, type CodeDefaults, ONE_CORE } from '../constructs/code.ts';
import type { Holdings } from './holdings.ts';

export interface Searching {
  readonly search: Code;
}

export function searching(scope: Construct, { redaction }: StageConfig, defaults: CodeDefaults): Searching {
  return {
    search: new Code(
      scope,
      'Search',
      {
        name: 'search',
        description: 'Searches the hot window; saved searches',
        // Blocks are decompressed, hashed and matched, a thousand entries at a time.
        memorySize: ONE_CORE,
        // Below API Gateway's 30 s, so that the caller gets an answer from the function.
        timeout: Duration.seconds(20),
        environment: { [ENTRY.redactionEnv]: JSON.stringify(redaction) },
      },
      defaults,
    ),
  };
}

export function grantSearching({ search }: Searching, { data, reading, identity }: Holdings): void {
  identity.describeAccess(search);
  data.ledger.grantAppend(search);
  data.ledger.grantFetch(search);
  data.archive.grantRecover(search);
  data.signing.grantVerify(search);
  reading.index.grantRead(search);
  reading.jobStore.grantRemoveItems(search);
}
