// The stack of what makes reading quick, and holds no evidence.
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config/stage.ts';
import { Catalog } from '../constructs/catalog.ts';
import { Desk } from '../constructs/desk.ts';
import { EntryIndex } from '../constructs/entry-index.ts';
import { trustedRoles } from '../constructs/trusted.ts';
import type { DataStack } from './data.ts';

/**
 * What makes reading fast and comfortable, and holds no evidence: everything here can be made again from the ledger and the
 * archive, but for saved searches and the record of jobs.
 */
export class ReadingStack extends Stack {
  readonly desk: Desk;
  readonly index: EntryIndex;
  readonly catalog: Catalog;

  constructor(scope: Construct, id: string, config: StageConfig, { archive }: DataStack, props?: StackProps) {
    const { name, reading } = config;
    super(scope, id, { ...props, description: 'Indelible: index, saved searches, jobs and their results' });
    const trusted = trustedRoles(config);
    this.index = new EntryIndex(this, 'Index', { facets: reading.facets, trusted });
    this.desk = new Desk(this, 'Desk', { exportDays: reading.exportDays, trusted });
    this.catalog = new Catalog(this, 'Catalog', {
      ...{ name, archive, desk: this.desk, scanLimitGigabytes: reading.scanLimitGigabytes },
    });
  }
}
