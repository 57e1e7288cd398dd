/** One query from its text to its result in S3, in the name of whoever asked. */
import { copyFile, link, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Access } from '../aws/iam/access.ts';
import type { LocalService } from '../aws/service.ts';
import type { BucketStore } from '../s3/store.ts';
import { CallersS3 } from './caller.ts';
import type { Catalog, WorkGroup } from './catalog.ts';
import type { Answer, Engine, LinkedFile, ResultColumn } from './engine.ts';
import { type Execution, outputName } from './execution.ts';
import { QueryFault } from './failure.ts';
import { refuseStatement } from './functions.ts';
import { readStatement, type Scan } from './statement.ts';
import type { Table } from './table.ts';

export interface Workshop {
  readonly engine: Engine;
  readonly catalog: Catalog;
  readonly s3: { readonly service: LocalService; readonly store: BucketStore };
  readonly access: Access;
  readonly region: string;
  readonly account: string;
  readonly now: () => number;
  /** Where queries get a folder each. */
  readonly directory: string;
}

export interface Outcome {
  readonly scannedBytes: number;
  readonly outputBytes: number;
  readonly columns: readonly ResultColumn[];
}

/** Throws QueryFault and whatever S3, KMS, IAM and DuckDB refuse. */
export async function runQuery(execution: Execution, signal: AbortSignal, shop: Workshop): Promise<Outcome> {
  const { catalog, engine, access, region } = shop;
  const { accessKeyId, database, sql } = execution;
  const group = catalog.workGroup(execution.workGroup);
  const find = (named: string, name: string) => catalog.table(named || database, name);
  refuseStatement(sql);
  const { scans, showsPaths } = readStatement(await engine.parse(sql), find);
  for (const { table } of scans) demandGlue(table, accessKeyId, shop);
  const s3 = new CallersS3({ service: shop.s3.service, access, accessKeyId, region });
  const objects = await objectsOf(scans, s3, shop.now());
  if (group.cutoff !== undefined && objects.bytes > group.cutoff) {
    throw new QueryFault('Query cancelled! : Bytes scanned limit was exceeded', 'CANCELLED');
  }
  const folder = join(shop.directory, execution.id);
  try {
    await mkdir(folder, { recursive: true });
    const tables = await linkAll(objects.tables, folder, s3, shop.s3.store);
    const job = { sql, database, tables, showsPaths, folder, signal };
    const written = await engine.run(job, (answer) => keep(answer, execution, group, s3));
    return { ...written, scannedBytes: objects.bytes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A table is read with permission on itself, on its database and on the catalog; and Athena always asks for the database `default`. */
function demandGlue({ database, name }: Table, accessKeyId: string, { access, region, account }: Workshop): void {
  const demand = (action: string, resource: string) =>
    access.demand(accessKeyId, { action, resource: `arn:aws:glue:${region}:${account}:${resource}` });
  for (const resource of ['catalog', 'database/default']) demand('glue:GetDatabase', resource);
  for (const resource of ['catalog', `database/${database}`, `table/${database}/${name}`])
    demand('glue:GetTable', resource);
}

type Objects = Map<Table, Map<string, readonly string[]>>;

/** What the partitions of each scan hold, as its conditions bound them; a table that is read twice is billed twice. */
async function objectsOf(
  scans: readonly Scan[],
  s3: CallersS3,
  now: number,
): Promise<{ tables: Objects; bytes: number }> {
  const tables: Objects = new Map();
  let bytes = 0;
  for (const scan of scans) {
    const { table } = scan;
    const found = tables.get(table) ?? new Map<string, readonly string[]>();
    tables.set(table, found);
    for (const prefix of prefixesOf(scan)) {
      for await (const { key, size } of s3.list(table.bucket, prefix)) {
        const partition = table.partitionOf(key);
        if (partition === undefined || size === 0 || !projects(table, partition, now) || !scan.admits(partition))
          continue;
        found.set(key, partition);
        bytes += size;
      }
    }
  }
  return { tables, bytes };
}

function projects({ partitions }: Table, values: readonly string[], now: number): boolean {
  return partitions.every((partition, i) => partition.projects(values[i]!, now));
}

/** Injected keys come first in a template, or all that begins like it has to be listed. */
function prefixesOf({ table, injected }: Scan): string[] {
  const [first] = injected;
  if (first === undefined) return [table.prefix];
  return first.filter((value) => /^[^/]+$/.test(value)).map((value) => `${table.prefix}${value}/`);
}

/** The files of the versions that are current now, under names of their own: what happens to the objects later is nothing to them. */
async function linkAll(objects: Objects, folder: string, s3: CallersS3, store: BucketStore) {
  const tables = new Map<Table, LinkedFile[]>();
  let number = 0;
  for (const [table, found] of objects) {
    const files: LinkedFile[] = [];
    const bucket = store.get(table.bucket);
    for (const [key, partition] of found) {
      const id = await s3.touch(table.bucket, key);
      const version = bucket.versions(key).find((one) => one.id === id);
      if (version === undefined || version.marker) throw new QueryFault(`HIVE_CANNOT_OPEN_SPLIT: ${key} is gone`);
      const path = join(folder, `${number++}.parquet`);
      // Not every file system has links.
      await link(bucket.dataPath(key, version), path).catch(() => copyFile(bucket.dataPath(key, version), path));
      files.push({ path, url: `s3://${table.bucket}/${key}`, partition });
    }
    tables.set(table, files);
  }
  return tables;
}

async function keep(
  { columns, csv }: Answer,
  execution: Execution,
  { bucket, prefix, kmsKey }: WorkGroup,
  s3: CallersS3,
): Promise<Omit<Outcome, 'scannedBytes'>> {
  const key = `${prefix}${outputName(execution)}`;
  const encryption = {
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': kmsKey ?? '',
  };
  const headers = kmsKey === undefined ? {} : encryption;
  let outputBytes = 0;
  const counted = async function* () {
    for await (const piece of csv) {
      outputBytes += piece.length;
      yield piece;
    }
  };
  await s3.write(bucket, key, counted(), { 'content-type': 'application/octet-stream', ...headers });
  await s3.write(bucket, `${key}.metadata`, once(JSON.stringify({ columns })), headers);
  return { columns, outputBytes };
}

async function* once(text: string): AsyncIterable<Buffer> {
  yield Buffer.from(text);
}
