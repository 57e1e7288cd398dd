import {
  type AthenaClient,
  GetQueryExecutionCommand,
  InvalidRequestException,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { GetObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import {
  type ArchiveQuery,
  QueryForgotten,
  type QueryState,
  type QueryStatus,
  type ResultRow,
  ResultsExpired,
} from '../../services/query/port.ts';
import { CsvFault, csvRecord } from './csv.ts';

export interface AthenaSettings {
  readonly workGroup: string;
  readonly database: string;
  /** Where the workgroup keeps results. */
  readonly bucket: string;
}

/** Read at a time: flat memory, and what is lost on the way is asked for again by the SDK. */
const RANGE_BYTES = 4 * 1024 * 1024;

const STATES: Readonly<Record<string, QueryState>> = {
  QUEUED: 'queued',
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
};

/** What Athena says of a query that it stopped for what it read; the API has no code for it. */
const EXHAUSTED = /bytes scanned limit/i;

/**
 * Rows are read from the CSV in S3 and not with GetQueryResults, which gives a thousand rows at a call and an account some
 * calls a second, and can't begin in the middle.
 */
export class AthenaQueries implements ArchiveQuery {
  readonly #athena: AthenaClient;
  readonly #s3: S3Client;
  readonly #settings: AthenaSettings;

  constructor(athena: AthenaClient, s3: S3Client, settings: AthenaSettings) {
    this.#athena = athena;
    this.#s3 = s3;
    this.#settings = settings;
  }

  async start(sql: string, token: string): Promise<string> {
    const { workGroup, database } = this.#settings;
    const start = new StartQueryExecutionCommand({
      QueryString: sql,
      ClientRequestToken: token,
      WorkGroup: workGroup,
      QueryExecutionContext: { Database: database },
    });
    return (await this.#athena.send(start)).QueryExecutionId!;
  }

  async status(id: string): Promise<QueryStatus> {
    const { QueryExecution: found } = await known(
      id,
      this.#athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id })),
    );
    const { State, StateChangeReason: reason } = found!.Status!;
    const state = STATES[State!]!;
    const location = found!.ResultConfiguration?.OutputLocation;
    return {
      state: state === 'cancelled' && EXHAUSTED.test(reason ?? '') ? 'exhausted' : state,
      scannedBytes: found!.Statistics?.DataScannedInBytes ?? 0,
      ...(state === 'succeeded' ? { output: new URL(location!).pathname.slice(1) } : {}),
      ...(reason === undefined ? {} : { reason }),
    };
  }

  async stop(id: string): Promise<void> {
    await known(id, this.#athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id })));
  }

  async *rows(output: string, from: number): AsyncIterable<ResultRow> {
    let at = from;
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const range = await this.#range(output, at + rest.length);
      if (range.length === 0) break;
      const bytes = rest.length === 0 ? range : Buffer.concat([rest, range]);
      let next = 0;
      for (let record = csvRecord(bytes, 0); record !== undefined; record = csvRecord(bytes, next)) {
        const isHeader = at + next === 0;
        next = record.next;
        if (!isHeader) yield { cells: record.cells, end: at + next };
      }
      at += next;
      rest = bytes.subarray(next);
    }
    if (rest.length > 0) throw new CsvFault(`${output} ends within a record`);
  }

  /** Empty beyond the end. */
  async #range(key: string, from: number): Promise<Buffer> {
    const Range = `bytes=${from}-${from + RANGE_BYTES - 1}`;
    try {
      const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#settings.bucket, Key: key, Range }));
      return Buffer.from(await Body!.transformToByteArray());
    } catch (error) {
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      if (status === 416) return Buffer.alloc(0);
      if (status === 404) throw new ResultsExpired(`${key} is no longer there`, { cause: error });
      throw error;
    }
  }
}

async function known<T>(id: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof InvalidRequestException && /not found/i.test(error.message)) {
      throw new QueryForgotten(`Athena does not know the query ${id}`, { cause: error });
    }
    throw error;
  }
}
