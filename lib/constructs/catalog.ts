// The archive as a table of Athena.
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ARCHIVE } from '../../names/archive.ts';
import { ATHENA, PARTITIONS } from '../../names/athena.ts';
import { CATEGORY_NAMES } from '../../names/categories.ts';
import { JOB_STORE } from '../../names/job-store.ts';
import { SEGMENT_COLUMNS } from '../../names/segment.ts';
import type { ArchiveBucket } from './archive-bucket.ts';
import type { Code } from './code.ts';
import type { JobStore } from './job-store.ts';
import { QUESTIONS } from './questions.ts';

export interface CatalogProps {
  /** Of the deployment. */
  readonly name: string;
  readonly archive: ArchiveBucket;
  readonly jobStore: JobStore;
  /** Gigabytes that one query may read. */
  readonly scanLimitGigabytes: number;
}

const GIGABYTE = 1_000_000_000;

const HIVE = 'org.apache.hadoop.hive.ql.io.parquet';

/**
 * The archive as a table that Athena reads: the very objects that are verified. Partitions follow from the table's
 * properties, so none is ever registered. The tenant is injected: a query that names none is refused.
 */
export class Catalog extends Construct {
  readonly #workGroup: CfnWorkGroup;
  readonly #database: CfnDatabase;
  readonly #archive: ArchiveBucket;
  readonly #jobStore: JobStore;

  constructor(scope: Construct, id: string, props: CatalogProps) {
    super(scope, id);
    this.#archive = props.archive;
    this.#jobStore = props.jobStore;
    this.#database = new CfnDatabase(this, 'Database', {
      catalogId: Stack.of(this).account,
      databaseInput: { name: databaseName(props.name), description: 'Indelible: the archive of the audit trail' },
    });
    this.#table(props.archive);
    this.#workGroup = this.#group(props);
    for (const { name, description, sql } of QUESTIONS) this.#question(name, description, sql);
  }

  /**
   * Ask the archive. Athena reads, writes its results and uses the keys with the permissions of whoever asks, through S3,
   * so the conditions on the keys hold for it too.
   */
  grantQuery(code: Code): void {
    code.configure(ATHENA.workGroupEnv, this.#workGroup.ref);
    code.configure(ATHENA.databaseEnv, this.#database.ref);
    code.allow({
      actions: ['GetQueryExecution', 'StartQueryExecution', 'StopQueryExecution'].map((action) => `athena:${action}`),
      resources: [this.#arn('athena', 'workgroup', this.#workGroup.ref)],
    });
    const database = this.#database.ref;
    code.allow({
      actions: ['glue:GetDatabase', 'glue:GetPartitions', 'glue:GetTable'],
      resources: [
        Stack.of(this).formatArn({ service: 'glue', resource: 'catalog' }),
        // Athena asks for the database `default` before every query, whatever that names.
        this.#arn('glue', 'database', 'default'),
        this.#arn('glue', 'database', database),
        this.#arn('glue', 'table', `${database}/${ATHENA.table}`),
      ],
    });
    this.#archive.grantQuerySegments(code);
    this.#jobStore.grantQueryResults(code);
  }

  #arn(service: string, resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service, resource, resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  }

  #table({ bucket }: ArchiveBucket): void {
    const location = `s3://${bucket.bucketName}/${ARCHIVE.entriesPrefix}`;
    const columns = SEGMENT_COLUMNS.map(({ name, glue, comment }) => ({ name, type: glue, comment }));
    new CfnTable(this, 'Segments', {
      catalogId: Stack.of(this).account,
      databaseName: this.#database.ref,
      tableInput: {
        name: ATHENA.table,
        description: 'Archived entries; docs/athena.md',
        tableType: 'EXTERNAL_TABLE',
        partitionKeys: PARTITIONS.map((partition) => ({ ...partition, type: 'string' })),
        parameters: { ...STORED, ...PROJECTION, 'storage.location.template': `${location}${TEMPLATE}/` },
        storageDescriptor: {
          columns,
          location,
          inputFormat: `${HIVE}.MapredParquetInputFormat`,
          outputFormat: `${HIVE}.MapredParquetOutputFormat`,
          serdeInfo: { serializationLibrary: `${HIVE}.serde.ParquetHiveSerDe` },
        },
      },
    });
  }

  #group({ name, scanLimitGigabytes }: CatalogProps): CfnWorkGroup {
    return new CfnWorkGroup(this, 'WorkGroup', {
      name,
      description: 'Indelible: questions to the archive',
      // Athena keeps every query that was asked in its history, and deletes no workgroup that has one otherwise.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        requesterPaysEnabled: false,
        bytesScannedCutoffPerQuery: scanLimitGigabytes * GIGABYTE,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${this.#jobStore.results.bucketName}/${JOB_STORE.athenaPrefix}`,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: this.#jobStore.key.key.keyArn },
        },
      },
    });
  }

  #question(name: string, description: string, queryString: string): void {
    new CfnNamedQuery(this, `Question${name.replaceAll(/\W/g, '')}`, {
      ...{ name, description, queryString },
      database: this.#database.ref,
      workGroup: this.#workGroup.ref,
    });
  }
}

const TEMPLATE = PARTITIONS.map(({ name }) => `${name}=\${${name}}`).join('/');

const STORED = { EXTERNAL: 'TRUE', classification: 'parquet', 'parquet.compression': 'ZSTD' };

const PROJECTION = {
  'projection.enabled': 'true',
  'projection.tenant.type': 'injected',
  'projection.category.type': 'enum',
  'projection.category.values': CATEGORY_NAMES.join(','),
  'projection.day.type': 'date',
  'projection.day.format': 'yyyy-MM-dd',
  'projection.day.range': `${ATHENA.firstDay},NOW`,
  'projection.day.interval': '1',
  'projection.day.interval.unit': 'DAYS',
};

/** Glue folds names to lower case, and SQL takes these without quotes. */
function databaseName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_');
}
