import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ENTRY } from '../../names/entry.ts';
import { OBSERVE } from '../../names/observe.ts';
import type { StageConfig } from '../config/stage.ts';
import { packedCatalog } from '../config/validate.ts';
import type { ArchiveRoles } from '../constructs/archive-roles.ts';
import { Code, type CodeDefaults, ONE_CORE } from '../constructs/code.ts';
import { type Exporting, exporting } from './exporting.ts';
import { type Indexing, indexing } from './indexing.ts';
import { type Querying, querying } from './querying.ts';
import { type Sealing, type Serving, sealing, serving } from './sealing.ts';
import { type Searching, searching } from './searching.ts';

export interface Functions extends Exporting, Indexing, Querying, Searching, Sealing, Serving {
  readonly ingest: Code;
  readonly read: Code;
  readonly health: Code;
  readonly openapi: Code;
  readonly catalog: Code;
  readonly observe: Code;
  readonly archive: Code;
  readonly relay: Code;
}

/** `roles`: those that the policies of the evidence make exceptions for. */
export function declareFunctions(
  scope: Construct,
  config: StageConfig,
  defaults: CodeDefaults,
  roles: ArchiveRoles,
): Functions {
  return {
    ...recording(scope, config, defaults, roles),
    ...indexing(scope, defaults),
    ...exporting(scope, config, defaults),
    ...querying(scope, config, defaults),
    ...searching(scope, config, defaults),
    ...sealing(scope, config, defaults, roles),
    ...serving(scope, config, defaults, roles),
  };
}

type Recording = Omit<
  Functions,
  keyof Exporting | keyof Indexing | keyof Querying | keyof Searching | keyof Sealing | keyof Serving
>;

function recording(
  scope: Construct,
  config: StageConfig,
  defaults: CodeDefaults,
  { archiver }: Pick<ArchiveRoles, 'archiver'>,
): Recording {
  const entryRules = {
    [ENTRY.strictCatalogEnv]: String(config.strictCatalog),
    [ENTRY.catalogEnv]: packedCatalog(config.catalog),
    [ENTRY.redactionEnv]: JSON.stringify(config.redaction),
    [ENTRY.limitsEnv]: JSON.stringify(config.limits),
  };
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
        environment: entryRules,
      },
      defaults,
    ),
    read: new Code(
      scope,
      'Read',
      {
        name: 'read',
        description: 'GET an entry with its integrity fields',
        // One block is decompressed and re-hashed: half a core does it in a few milliseconds.
        memorySize: (ONE_CORE / 2) | 0,
        // The read is recorded before it is answered, and the ledger is tried for ten seconds.
        timeout: Duration.seconds(20),
        environment: { [ENTRY.redactionEnv]: JSON.stringify(config.redaction) },
      },
      defaults,
    ),
    health: new Code(
      scope,
      'Health',
      { name: 'health', description: 'GET /v1/health', memorySize: 128, timeout: Duration.seconds(3) },
      defaults,
    ),
    openapi: new Code(
      scope,
      'OpenApi',
      { name: 'openapi', description: 'GET /openapi.json', memorySize: 256, timeout: Duration.seconds(5) },
      defaults,
    ),
    catalog: new Code(
      scope,
      'CatalogApi',
      {
        name: 'catalog',
        description: 'GET /v1/catalog',
        memorySize: 256,
        timeout: Duration.seconds(5),
        environment: {
          [ENTRY.strictCatalogEnv]: String(config.strictCatalog),
          [ENTRY.catalogEnv]: packedCatalog(config.catalog),
        },
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
          ...entryRules,
          [OBSERVE.systemTenantEnv]: config.systemTenant,
          [OBSERVE.sourceTenantsEnv]: JSON.stringify(config.sourceTenants),
        },
      },
      defaults,
    ),
    archive: new Code(
      scope,
      'Archive',
      {
        name: 'archive',
        description: 'Ledger stream to Parquet segments under Object Lock',
        // 6 MB of compressed blocks unpack to some 60 MB of entries, written as columns and compressed again.
        memorySize: ONE_CORE,
        // Filling a gap may read and write many blocks before the batch itself.
        timeout: Duration.minutes(5),
        environment: { [ENTRY.redactionEnv]: JSON.stringify(config.redaction) },
        role: archiver,
      },
      defaults,
    ),
    relay: new Code(
      scope,
      'Relay',
      {
        name: 'relay',
        description: 'Ledger stream to the topic',
        // Waiting for SNS more than computing.
        memorySize: 1_024,
        timeout: Duration.minutes(2),
      },
      defaults,
    ),
  };
}
