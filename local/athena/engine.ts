/**
 * DuckDB as the engine: an instance in memory for every query, which sees the linked files and nothing else of this machine.
 * Its work is done on threads of its own, a chunk of rows at a time.
 */
import { type DuckDBConnection, DuckDBInstance, type DuckDBResult } from '@duckdb/node-api';
import type { Table } from './table.ts';
import { csvLine, textOf, typeName } from './text.ts';
import { TRINO_MACROS } from './trino.ts';

export interface LinkedFile {
  readonly path: string;
  /** Of the object. */
  readonly url: string;
  readonly partition: readonly string[];
}

export interface Job {
  /** SQL that was looked through (statement.ts). */
  readonly sql: string;
  /** Names without one are looked for here. */
  readonly database: string;
  readonly tables: ReadonlyMap<Table, readonly LinkedFile[]>;
  /** Tables have the column `$path`. */
  readonly showsPaths: boolean;
  /** A folder of the query's own, where its files are linked and where it may spill. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

export interface ResultColumn {
  readonly name: string;
  readonly type: string;
}

export interface Answer {
  readonly columns: readonly ResultColumn[];
  /** CSV with a line of names first, in pieces. */
  readonly csv: AsyncIterable<Buffer>;
}

/** Without the network, and never more of the machine than a small part. */
const CONFIGURATION = {
  threads: '2',
  memory_limit: '1GB',
  allow_community_extensions: 'false',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
};

const INTERRUPT_MS = 50;

/** Where an answer is gathered; it may spill. */
const ANSWER = 'temp."rows of the answer"';

const SPILL = '8GB';

/** Athena's hidden column of each table. */
const PATH = '"$path"';

const DUCKDB_TYPES: Readonly<Record<string, string>> = {
  int: 'INTEGER',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  timestamp: 'TIMESTAMP',
  string: 'VARCHAR',
  binary: 'BLOB',
};

export class Engine {
  #parser: Promise<DuckDBConnection> | undefined;

  /** The tree of a statement, as JSON text. */
  async parse(sql: string): Promise<string> {
    this.#parser ??= openParser();
    const read = await (await this.#parser).runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
    return String(read.getRowsJS()[0]?.[0]);
  }

  /** Runs a query and hands its answer on while it is made; the instance is gone when it returns. */
  async run<T>(job: Job, use: (answer: Answer) => Promise<T>): Promise<T> {
    const instance = await DuckDBInstance.create(':memory:', {
      ...CONFIGURATION,
      temp_directory: `${job.folder}/spill`,
    });
    try {
      const connection = await instance.connect();
      const interruption = interruptWhen(job.signal, connection);
      try {
        for (const statement of preparation(job)) await connection.run(statement);
        job.signal.throwIfAborted();
        const names = await namesOf(connection, job.sql);
        // Whole before any of it is read: of a failure halfway through a stream DuckDB's binding says that it is the end.
        await connection.run(`CREATE TEMP TABLE ${ANSWER} AS ${job.sql}`);
        const count = await connection.runAndReadAll(`SELECT count(*) FROM ${ANSWER}`);
        const rows = Number(count.getRowsJS()[0]?.[0]);
        const result = await connection.stream(`SELECT * FROM ${ANSWER}`);
        return await use({ columns: columnsOf(names, result), csv: csvOf(names, result, rows, job.signal) });
      } finally {
        interruption.end();
        connection.closeSync();
      }
    } finally {
      instance.closeSync();
    }
  }

  async close(): Promise<void> {
    if (this.#parser !== undefined) (await this.#parser).closeSync();
  }
}

/** DuckDB forgets an interruption that comes between two of its steps, so it is told until it has heard. */
function interruptWhen(signal: AbortSignal, connection: DuckDBConnection): { end(): void } {
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    connection.interrupt();
    timer = setInterval(() => connection.interrupt(), INTERRUPT_MS);
  };
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin);
  return {
    end: () => {
      signal.removeEventListener('abort', begin);
      clearInterval(timer);
    },
  };
}

async function openParser(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { ...CONFIGURATION, enable_external_access: 'false' });
  const connection = await instance.connect();
  await connection.run("SET lambda_syntax = 'ENABLE_SINGLE_ARROW'");
  return connection;
}

function preparation({ tables, database, showsPaths, folder }: Job): string[] {
  const schemas = new Set([database, ...[...tables.keys()].map((table) => table.database)]);
  return [
    "SET TimeZone = 'UTC'",
    "SET lambda_syntax = 'ENABLE_SINGLE_ARROW'",
    'SET integer_division = true',
    `SET max_temp_directory_size = '${SPILL}'`,
    ...TRINO_MACROS,
    ...[...schemas].map((schema) => `CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}`),
    ...[...tables].flatMap(([table, files], i) => declaration(table, files, i, showsPaths)),
    `SET search_path = ${text(`${quoted(database)},main`)}`,
    `SET allowed_directories = [${text(`${folder}/`)}]`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ];
}

/** A column that no file has yet is empty, and so is a table without files. */
function declaration(table: Table, files: readonly LinkedFile[], number: number, showsPaths: boolean): string[] {
  const [empty, partitions] = [`main."columns ${number}"`, `main."partitions ${number}"`];
  const keys = table.partitions.map(({ name }) => quoted(name));
  const columns = table.columns.map(({ name }) => quoted(name));
  const types = table.columns.map(({ name, type }) => `${quoted(name)} ${duckDbType(type)}`);
  const rows = files.map(({ path, url, partition }) => `(${[path, url, ...partition].map(text).join(', ')})`);
  const shown = [...columns, ...keys, ...(showsPaths ? [PATH] : [])];
  const read = `SELECT * FROM read_parquet([${files.map(({ path }) => text(path))}], filename = 'filename', union_by_name = true, hive_partitioning = false)`;
  return [
    `CREATE TABLE ${empty} (${types.join(', ')}, filename VARCHAR)`,
    `CREATE TABLE ${partitions} (filename VARCHAR, ${PATH} VARCHAR, ${keys.map((key) => `${key} VARCHAR`).join(', ')})`,
    ...(rows.length === 0 ? [] : [`INSERT INTO ${partitions} VALUES ${rows.join(', ')}`]),
    `CREATE VIEW ${quoted(table.database)}.${quoted(table.name)} AS SELECT ${shown.join(', ')} ` +
      `FROM (SELECT * FROM ${empty}${files.length === 0 ? '' : ` UNION ALL BY NAME ${read}`}) JOIN ${partitions} USING (filename)`,
  ];
}

function duckDbType(type: string): string {
  const found = DUCKDB_TYPES[type];
  if (found === undefined) throw new Error(`columns of type ${type} do not run here`);
  return found;
}

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

async function namesOf(connection: DuckDBConnection, sql: string): Promise<string[]> {
  const prepared = await connection.prepare(sql);
  const names = Array.from({ length: prepared.columnCount }, (_, i) => prepared.columnName(i));
  prepared.destroySync();
  return names;
}

function columnsOf(names: readonly string[], result: DuckDBResult): ResultColumn[] {
  return names.map((name, i) => ({ name, type: typeName(result.columnTypeId(i)) }));
}

async function* csvOf(
  names: readonly string[],
  result: DuckDBResult,
  expected: number,
  signal: AbortSignal,
): AsyncIterable<Buffer> {
  const types = names.map((_, i) => result.columnTypeId(i));
  yield Buffer.from(csvLine(names));
  let rows = 0;
  for (;;) {
    signal.throwIfAborted();
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    rows += chunk.rowCount;
    const lines = chunk.getRows().map((row) => csvLine(row.map((value, i) => textOf(value, types[i]!))));
    yield Buffer.from(lines.join(''));
  }
  signal.throwIfAborted();
  if (rows !== expected) throw new Error(`got ${rows} rows of an answer of ${expected}`);
}
