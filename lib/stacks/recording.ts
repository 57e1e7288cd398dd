// The ways into the ledger: requests of applications, and events.
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ENTRY } from '../../names/entry.ts';
import { OBSERVE } from '../../names/observe.ts';
import type { StageConfig } from '../config/stage.ts';
import { packedCatalog } from '../config/validate.ts';
import { Code, type CodeDefaults, ONE_CORE } from '../constructs/code.ts';
import type { Holdings } from './holdings.ts';

export interface Recording {
  readonly ingest: Code;
  readonly observe: Code;
}

/** What entries are held against, wherever they come from. */
const entryRules = ({ strictCatalog, catalog, redaction, limits }: StageConfig) => ({
  [ENTRY.strictCatalogEnv]: String(strictCatalog),
  [ENTRY.catalogEnv]: packedCatalog(catalog),
  [ENTRY.redactionEnv]: JSON.stringify(redaction),
  [ENTRY.limitsEnv]: JSON.stringify(limits),
});

export function recording(scope: Construct, config: StageConfig, defaults: CodeDefaults): Recording {
  return {
    ingest: new Code(
      scope,
      'Ingest',
      {
        name: 'ingest',
        description: 'POST /v1/entries: appends entries to the ledger',
        // Parsing, hashing and compressing a full batch is one core's work; callers wait for it.
        memorySize: ONE_CORE,
        // Below API Gateway's 30 s, so that the caller gets an answer from the function.
        timeout: Duration.seconds(20),
        environment: entryRules(config),
      },
      defaults,
    ),
    observe: new Code(
      scope,
      'Observe',
      {
        name: 'observe',
        description: 'Events from EventBridge become entries',
        // Nobody waits, and an event is one entry.
        memorySize: 512,
        timeout: Duration.seconds(30),
        environment: {
          ...entryRules(config),
          [OBSERVE.systemTenantEnv]: config.systemTenant,
          [OBSERVE.sourceTenantsEnv]: JSON.stringify(config.sourceTenants),
        },
      },
      defaults,
    ),
  };
}

export function grantRecording({ ingest, observe }: Recording, { data, identity }: Holdings): void {
  for (const code of [ingest, observe]) data.ledger.grantAppend(code);
  identity.describeClaims(ingest);
}
