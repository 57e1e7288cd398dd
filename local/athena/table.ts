/** A table as the template declares it: columns, partitions, and where in S3 each partition's objects are. */
import { object, objects, onlyKnown, string } from '../template/properties.ts';
import type { Properties } from '../template/provisioner.ts';

interface Column {
  readonly name: string;
  /** Hive's name of the type. */
  readonly type: string;
}

interface Partition extends Column {
  /** The query has to say the values. */
  readonly injected: boolean;
  /** Whether the projection makes a partition of this value at this time. */
  readonly projects: (value: string, now: number) => boolean;
}

export interface Table {
  readonly database: string;
  readonly name: string;
  readonly columns: readonly Column[];
  readonly partitions: readonly Partition[];
  readonly bucket: string;
  /** What keys begin with, as far as no partition decides it. */
  readonly prefix: string;
  /** The partition values of an object's key; undefined for an object of no partition. */
  readonly partitionOf: (key: string) => readonly string[] | undefined;
}

const HIVE = 'org.apache.hadoop.hive.ql.io.parquet';
const INPUT = ['CatalogId', 'DatabaseName', 'TableInput'];
const TABLE = ['Name', 'Parameters', 'PartitionKeys', 'StorageDescriptor', 'TableType'];
const STORAGE = ['Columns', 'InputFormat', 'Location', 'OutputFormat', 'SerdeInfo'];
/** Say nothing that a reader of Parquet does not see in the files. */
const DESCRIPTIONS = ['EXTERNAL', 'classification', 'parquet.compression'];

export function readTable(properties: Properties): Table {
  onlyKnown(properties, INPUT);
  const input = object(properties, 'TableInput');
  onlyKnown(input, TABLE, 'TableInput.');
  if (input.TableType !== 'EXTERNAL_TABLE') throw new Error('TableInput.TableType must be EXTERNAL_TABLE');
  const storage = object(input, 'StorageDescriptor');
  onlyKnown(storage, STORAGE, 'TableInput.StorageDescriptor.');
  demand(storage, 'InputFormat', `${HIVE}.MapredParquetInputFormat`);
  demand(storage, 'OutputFormat', `${HIVE}.MapredParquetOutputFormat`);
  demand(object(storage, 'SerdeInfo'), 'SerializationLibrary', `${HIVE}.serde.ParquetHiveSerDe`);
  const parameters = object(input, 'Parameters');
  const partitions = objects(input, 'PartitionKeys').map((key) => readPartition(readColumn(key), parameters));
  refuseOthers(parameters, partitions);
  return {
    database: string(properties, 'DatabaseName'),
    name: string(input, 'Name'),
    columns: objects(storage, 'Columns').map(readColumn),
    partitions,
    ...readTemplate(string(parameters, 'storage.location.template'), partitions),
  };
}

function demand(properties: Properties, name: string, want: string): void {
  if (properties[name] !== want) throw new Error(`${name} must be ${want}`);
}

function readColumn(properties: Properties): Column {
  onlyKnown(properties, ['Comment', 'Name', 'Type'], 'a column’s ');
  return { name: string(properties, 'Name'), type: string(properties, 'Type') };
}

function readPartition(column: Column, parameters: Properties): Partition {
  if (column.type !== 'string') throw new Error(`a partition key of type ${column.type} does not run here`);
  const property = (name: string) => string(parameters, `projection.${column.name}.${name}`);
  const type = property('type');
  if (type === 'injected') return { ...column, injected: true, projects: (value) => value !== '' };
  if (type === 'enum') {
    const values = new Set(property('values').split(','));
    return { ...column, injected: false, projects: (value) => values.has(value) };
  }
  if (type !== 'date') throw new Error(`projection.${column.name}.type ${type} does not run here`);
  if (property('format') !== 'yyyy-MM-dd' || property('interval') !== '1' || property('interval.unit') !== 'DAYS') {
    throw new Error(`projection.${column.name} must go by days, written yyyy-MM-dd, here`);
  }
  const [first = '', last] = property('range').split(',');
  if (!isDay(first) || last !== 'NOW') throw new Error(`projection.${column.name}.range must be a day, NOW`);
  const projects = (value: string, now: number) =>
    isDay(value) && value >= first && value <= new Date(now).toISOString().slice(0, 10);
  return { ...column, injected: false, projects };
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

function refuseOthers(parameters: Properties, partitions: readonly Partition[]): void {
  if (parameters['projection.enabled'] !== 'true')
    throw new Error('only tables that project their partitions run here');
  const ours = (name: string) => partitions.some((partition) => name.startsWith(`projection.${partition.name}.`));
  const known = [...DESCRIPTIONS, 'projection.enabled', 'storage.location.template'];
  onlyKnown(parameters, [...known, ...Object.keys(parameters).filter(ours)], 'TableInput.Parameters.');
}

function readTemplate(template: string, partitions: readonly Partition[]) {
  const [, bucket = '', path = ''] = /^s3:\/\/([^/]+)\/(.*\/)$/.exec(template) ?? [];
  const named = [...path.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
  if (bucket === '' || named.join() !== partitions.map(({ name }) => name).join()) {
    throw new Error('storage.location.template must be s3://bucket/…/ with each partition key once, in their order');
  }
  const parts = path.split(/\$\{\w+\}/).map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  // Objects whose names begin with these two are none of a table's data.
  const key = new RegExp(`^${parts.join('([^/]+)')}(?:[^/]+/)*(?![_.])[^/]+$`);
  return {
    bucket,
    prefix: path.slice(0, path.indexOf('${')),
    partitionOf: (name: string) => key.exec(name)?.slice(1),
  };
}
