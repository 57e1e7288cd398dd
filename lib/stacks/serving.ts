// What answers over HTTP from what is there: one entry, evidence, reports, the log, the catalog, the service itself.
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ENTRY } from '../../names/entry.ts';
import { LOG } from '../../names/log.ts';
import { SITE } from '../../names/site.ts';
import type { StageConfig } from '../config/stage.ts';
import { packedCatalog } from '../config/validate.ts';
import { Code, type CodeDefaults, ONE_CORE } from '../constructs/code.ts';
import { siteFiles } from '../site/site.ts';
import type { Holdings } from './holdings.ts';

/** Below API Gateway's 30 s, so that the caller gets an answer from the function. */
const ANSWER = Duration.seconds(20);

export interface Serving {
  readonly read: Code;
  readonly health: Code;
  readonly openapi: Code;
  readonly catalog: Code;
  /** Pages and files that are served as they are. */
  readonly site: Code;
  readonly log: Code;
  readonly evidence: Code;
  readonly verifications: Code;
}

export function serving(scope: Construct, config: StageConfig, defaults: CodeDefaults): Serving {
  return { ...ofEvidence(scope, config, defaults), ...ofService(scope, config, defaults) };
}

type OfEvidence = Pick<Serving, 'read' | 'log' | 'evidence' | 'verifications'>;

function ofEvidence(scope: Construct, config: StageConfig, defaults: CodeDefaults): OfEvidence {
  const redaction = { [ENTRY.redactionEnv]: JSON.stringify(config.redaction) };
  return {
    read: new Code(
      scope,
      'Read',
      {
        name: 'read',
        description: 'GET an entry with its integrity fields',
        // One block is decompressed and re-hashed: half a core does it in a few milliseconds.
        memorySize: (ONE_CORE / 2) | 0,
        // The read is recorded before it is answered, and the ledger is tried for ten seconds.
        timeout: ANSWER,
        environment: redaction,
      },
      defaults,
    ),
    log: new Code(
      scope,
      'LogReader',
      {
        timeout: ANSWER,
        name: 'log',
        description: 'GET /log: the digest log, to everybody',
        memorySize: 512,
        environment: { [LOG.publicEntriesEnv]: String(config.log.publicEntries) },
      },
      defaults,
    ),
    evidence: new Code(
      scope,
      'Evidence',
      {
        timeout: ANSWER,
        name: 'evidence',
        description: 'GET proofs, digests, tiles and entries of the archive',
        // Segments are decompressed and hashed before their entries are handed out.
        memorySize: ONE_CORE,
        environment: redaction,
      },
      defaults,
    ),
    verifications: new Code(
      scope,
      'Verifications',
      {
        timeout: ANSWER,
        name: 'verifications',
        description: 'GET /v1/verifications',
        memorySize: 512,
      },
      defaults,
    ),
  };
}

function ofService(scope: Construct, config: StageConfig, defaults: CodeDefaults): Omit<Serving, keyof OfEvidence> {
  return {
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
    site: new Code(
      scope,
      'Site',
      {
        name: 'site',
        description: 'GET / and what else is served as it is',
        // All of it in memory, compressed in three ways.
        memorySize: 512,
        timeout: Duration.seconds(5),
        beside: { folder: SITE.folder, files: siteFiles },
      },
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
  };
}

export function grantServing(
  { read, catalog, site, log, evidence, verifications }: Serving,
  { data: { ledger, archive, signing }, identity }: Holdings,
): void {
  // Reads are entries themselves.
  for (const code of [read, evidence]) ledger.grantAppend(code);
  archive.grantRecover(read);
  archive.grantReadLog(log);
  archive.grantReadEvidence(evidence);
  archive.grantReadReports(verifications);
  archive.describeRetention(catalog);
  for (const code of [read, log, evidence]) signing.grantVerify(code);
  for (const code of [read, evidence]) identity.describeAccess(code);
  for (const code of [catalog, verifications]) identity.describeClaims(code);
  identity.describeConsole(site);
}
