// Starts and follows queries of Athena.
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  InvalidRequestException,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import {
  type ArchiveQuery,
  QueryForgotten,
  type QueryState,
  type QueryStatus,
  type ResultRow,
} from '../../services/query/port.ts';
import type { ResultObjects } from './results.ts';

export interface AthenaSettings {
  readonly workGroup: string;
  readonly database: string;
}

const STATES: Readonly<Record<string, QueryState>> = {
  QUEUED: 'queued',
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
};

/** What Athena says of a query that it stopped for what it read; the API has no code for it. */
const EXHAUSTED = /bytes scanned limit/i;

/** Queries of one workgroup, whose settings say where results go. */
export class AthenaQueries implements ArchiveQuery {
  readonly #athena: AthenaClient;
  readonly #results: ResultObjects;
  readonly #settings: AthenaSettings;

  constructor(athena: AthenaClient, results: ResultObjects, settings: AthenaSettings) {
    this.#athena = athena;
    this.#results = results;
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

  rows(output: string, from: number): AsyncIterable<ResultRow> {
    return this.#results.rows(output, from);
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
