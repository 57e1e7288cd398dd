// Exports: the function that answers, and the one that makes the files.
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ENTRY } from '../../names/entry.ts';
import { EXPORT } from '../../names/exports.ts';
import { JOB_STORE } from '../../names/job-store.ts';
import type { StageConfig } from '../config/stage.ts';
import { Code, type CodeDefaults, ONE_CORE } from '../constructs/code.ts';
import type { Holdings } from './holdings.ts';

export interface Exporting {
  /** Answers over HTTP. */
  readonly exports: Code;
  /** Takes a job further. */
  readonly export: Code;
}

/** A part of an upload, pages of entries, and forty bytes a row of what is proven: twenty million rows. */
const WORKER_MEMORY = ONE_CORE;

export function exporting(scope: Construct, { redaction, reading }: StageConfig, defaults: CodeDefaults): Exporting {
  return {
    exports: new Code(
      scope,
      'Exports',
      {
        name: 'exports',
        description: 'Exports: begin, look, download, grant, cancel',
        // Before it is begun, an export is looked for like a search.
        memorySize: ONE_CORE,
        // Below API Gateway's 30 s, so that the caller gets an answer from the function.
        timeout: Duration.seconds(20),
        environment: {
          [ENTRY.redactionEnv]: JSON.stringify(redaction),
          [EXPORT.daysEnv]: String(reading.exportDays),
        },
      },
      defaults,
    ),
    export: new Code(
      scope,
      'Export',
      {
        name: 'export',
        description: 'Takes exports from file to file, and proves them',
        memorySize: WORKER_MEMORY,
        timeout: Duration.seconds(EXPORT.timeoutSeconds),
      },
      defaults,
    ),
  };
}

export function grantExporting({ exports, export: worker }: Exporting, { data, reading, identity }: Holdings): void {
  data.ledger.grantAppend(exports);
  identity.describeAccess(exports);
  for (const code of [exports, worker]) {
    data.ledger.grantFetch(code);
    reading.index.grantRead(code);
    data.archive.grantRecover(code);
    data.signing.grantVerify(code);
  }
  reading.jobStore.grantListItems(exports);
  reading.jobStore.grantItems(worker);
  // Whoever signs an address lends what it may do itself.
  reading.jobStore.grantReadResults(exports, JOB_STORE.exportsPrefix);
  reading.jobStore.grantWriteResults(worker, JOB_STORE.exportsPrefix);
  reading.catalog.grantQuery(worker);
}
