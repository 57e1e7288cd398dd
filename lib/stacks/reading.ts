// The stack of what makes reading quick, and holds no evidence.
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config/stage.ts';
import { Catalog } from '../constructs/catalog.ts';
import { EntryIndex } from '../constructs/entry-index.ts';
import { JobStore } from '../constructs/job-store.ts';
import { trustedRoles } from '../constructs/trusted.ts';
import type { DataStack } from './data.ts';

/**
 * What makes reading fast and comfortable, and holds no evidence: everything here can be made again from the ledger and the
 * archive, but for saved searches and the record of jobs.
 */
export class ReadingStack extends Stack {
  readonly jobStore: JobStore;
  readonly index: EntryIndex;
  readonly catalog: Catalog;

  constructor(scope: Construct, id: string, config: StageConfig, { archive }: DataStack, props?: StackProps) {
    const { name, reading } = config;
    super(scope, id, { ...props, description: 'Indelible: index, saved searches, jobs and their results' });
    const trusted = trustedRoles(config);
    this.index = new EntryIndex(this, 'Index', { facets: reading.facets, trusted });
    // Its id is part of the deployed names.
    this.jobStore = new JobStore(this, 'Desk', { exportDays: reading.exportDays, trusted });
    this.catalog = new Catalog(this, 'Catalog', {
      ...{ name, archive, jobStore: this.jobStore, scanLimitGigabytes: reading.scanLimitGigabytes },
    });
  }
}
