/** The local Athena over the local S3 in a directory of its own, for tests that speak to it with the real SDK. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AthenaClient } from '@aws-sdk/client-athena';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import { genesisLink, leafHash, nextLink } from '../../core/chain.ts';
import type { Entry } from '../../core/entry/schema.ts';
import type { JsonValue } from '../../core/json/value.ts';
import { Catalog } from '../../local/athena/catalog.ts';
import { Engine } from '../../local/athena/engine.ts';
import { Executions } from '../../local/athena/executions.ts';
import { athenaService } from '../../local/athena/service.ts';
import { ExecutionStore } from '../../local/athena/store.ts';
import { readTable } from '../../local/athena/table.ts';
import { systemClock } from '../../local/clock.ts';
import { segmentKey } from '../../names/archive.ts';
import { PARTITIONS } from '../../names/athena.ts';
import { CATEGORY_NAMES } from '../../names/categories.ts';
import { SEGMENT_COLUMNS } from '../../names/segment.ts';
import type { ArchiveRow } from '../../services/archive/port.ts';
import { type RunningEndpoint, startEndpoint } from './aws-endpoint.ts';

export const ARCHIVE_BUCKET = 'archive';
export const RESULTS_BUCKET = 'results';
export const WORK_GROUP = 'Indelible';
export const DATABASE = 'indelible';

export interface RunningAthena {
  readonly aws: RunningEndpoint;
  readonly executions: Executions;
  readonly warnings: readonly unknown[];
  client(roleArn?: string): AthenaClient;
  s3(roleArn?: string): S3Client;
  /** Leaves what runs as a stop of the runtime does. */
  close(): Promise<void>;
}

export interface AthenaSettings {
  readonly dir?: string;
  readonly cutoff?: number;
}

const HIVE = 'org.apache.hadoop.hive.ql.io.parquet';

/** As the template declares it (test/infra/catalog.test.ts compares). */
export const TABLE_INPUT = {
  Name: 'segments',
  TableType: 'EXTERNAL_TABLE',
  PartitionKeys: PARTITIONS.map(({ name, comment }) => ({ Name: name, Comment: comment, Type: 'string' })),
  Parameters: {
    EXTERNAL: 'TRUE',
    classification: 'parquet',
    'parquet.compression': 'ZSTD',
    'projection.enabled': 'true',
    'projection.tenant.type': 'injected',
    'projection.category.type': 'enum',
    'projection.category.values': CATEGORY_NAMES.join(','),
    'projection.day.type': 'date',
    'projection.day.format': 'yyyy-MM-dd',
    'projection.day.range': '2020-01-01,NOW',
    'projection.day.interval': '1',
    'projection.day.interval.unit': 'DAYS',
    'storage.location.template': `s3://${ARCHIVE_BUCKET}/entries/tenant=\${tenant}/category=\${category}/day=\${day}/`,
  },
  StorageDescriptor: {
    Columns: SEGMENT_COLUMNS.map(({ name, glue, comment }) => ({ Name: name, Type: glue, Comment: comment })),
    Location: `s3://${ARCHIVE_BUCKET}/entries/`,
    InputFormat: `${HIVE}.MapredParquetInputFormat`,
    OutputFormat: `${HIVE}.MapredParquetOutputFormat`,
    SerdeInfo: { SerializationLibrary: `${HIVE}.serde.ParquetHiveSerDe` },
  },
} as const;

export async function startAthena({ dir, cutoff }: AthenaSettings = {}): Promise<RunningAthena> {
  const buckets = [{ name: ARCHIVE_BUCKET, objectLock: true }, { name: RESULTS_BUCKET }];
  const aws = await startEndpoint({ buckets, ...(dir === undefined ? {} : { dir }) });
  const catalog = new Catalog();
  catalog.addTable(readTable({ DatabaseName: DATABASE, TableInput: TABLE_INPUT }));
  const group = {
    description: '',
    createdAt: Date.now(),
    bucket: RESULTS_BUCKET,
    prefix: 'athena/',
    kmsKey: undefined,
  };
  catalog.workGroups.set(WORK_GROUP, { ...group, name: WORK_GROUP, cutoff });
  const directory = join(aws.dir, 'athena', 'running');
  await mkdir(directory, { recursive: true });
  const engine = new Engine();
  const shop = {
    ...{ engine, catalog, directory, access: aws.aws.access, region: 'us-east-1', account: '000000000000' },
    ...{ s3: { service: aws.s3, store: aws.store }, now: Date.now },
  };
  const warnings: unknown[] = [];
  const store = await ExecutionStore.open(join(aws.dir, 'athena', 'executions.ndjson'));
  const executions = new Executions(
    { clock: systemClock, warn: (...warning) => void warnings.push(warning) },
    ...([store, shop] as const),
  );
  aws.aws.serve(athenaService({ executions, shop }));
  executions.resume();
  const clients: (AthenaClient | S3Client)[] = [];
  const keep = <T extends AthenaClient | S3Client>(client: T): T => {
    clients.push(client);
    return client;
  };
  return {
    ...{ aws, executions, warnings },
    client: (roleArn) => keep(new AthenaClient({ ...aws.clientConfig(roleArn), maxAttempts: 1 })),
    s3: (roleArn) => keep(new S3Client({ ...aws.clientConfig(roleArn), maxAttempts: 1 })),
    close: async () => {
      for (const client of clients) client.destroy();
      await executions.suspend();
      await engine.close();
      await executions.close();
      await aws.close();
    },
  };
}

export type EntryDraft = Partial<Omit<Entry, 'tenant' | 'recordedAt'>> & { readonly recordedAt: string };

/** Entries of one tenant and chain as rows of the archive, from position 0 on. */
export function archiveRowsOf(tenant: string, chain: number, drafts: readonly EntryDraft[]): ArchiveRow[] {
  let link = genesisLink(`${tenant}#${chain}`);
  return drafts.map((draft, position) => {
    const entry = {
      ...{ v: 1, id: `${tenant}-${chain}-${position}`, action: 'invoice.paid', category: 'payment' },
      ...{ outcome: 'success', severity: 'info', occurredAt: draft.recordedAt, actor: { type: 'user', id: 'u1' } },
      ...{ recorder: { type: 'token', id: 'subject' }, ...draft, tenant },
    } as Entry;
    const bytes = canonicalBytes(entry as unknown as JsonValue);
    const previousLink = link;
    link = nextLink(link, leafHash(bytes));
    const day = draft.recordedAt.slice(0, 10);
    return { position, bytes, leafHash: leafHash(bytes), link, previousLink, entry, day };
  });
}

/** Puts rows where the archive has them: a segment a category and day. Answers the keys. */
export async function archiveInto(s3: S3Client, tenant: string, chain: number, rows: readonly ArchiveRow[]) {
  const keys: string[] = [];
  for (const ofSegment of Map.groupBy(rows, ({ entry, day }) => `${entry.category} ${day}`).values()) {
    const [{ entry, day, position }] = ofSegment as [ArchiveRow, ...ArchiveRow[]];
    const key = segmentKey(tenant, entry.category, day, chain, position);
    await putObject(s3, key, parquetSegments.encode(chain, ofSegment));
    keys.push(key);
  }
  return keys;
}

export async function putObject(s3: S3Client, key: string, bytes: Uint8Array): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: ARCHIVE_BUCKET, Key: key, Body: bytes }));
}
