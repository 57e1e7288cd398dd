// Athena in memory.
import { toHex } from '../../core/crypto.ts';
import type { ArchiveRow } from '../../services/archive/port.ts';
import {
  type ArchiveQuery,
  QueryForgotten,
  type QueryStatus,
  type ResultRow,
  ResultsExpired,
} from '../../services/query/port.ts';

export interface FakeRow extends Pick<ArchiveRow, 'position' | 'bytes' | 'leafHash' | 'link'> {
  readonly chain: number;
  /** What the column says; of an honest row, what the entry says. */
  readonly recordedAt: number;
}

interface Started {
  readonly sql: string;
  readonly token: string;
  readonly rows: readonly FakeRow[];
  looks: number;
  stopped: boolean;
}

export interface FakeOptions {
  /** How it ends: by default it succeeds. Called with the SQL and how often the same SQL was begun before. */
  readonly end?: (sql: string, before: number) => Partial<QueryStatus> | undefined;
  /** How often a query is looked at before it has ended. */
  readonly looks?: number;
  readonly fault?: <T>(write: () => T) => T;
}

/**
 * An archive in memory, which understands of a slice's SQL what bounds and orders it. It fails a test that asks the same token
 * for another query, or for rows of a query that did not succeed.
 */
export class FakeArchiveQueries implements ArchiveQuery {
  readonly started: Started[] = [];
  readonly #rows: readonly FakeRow[];
  readonly #options: FakeOptions;

  constructor(rows: readonly FakeRow[], options: FakeOptions = {}) {
    this.#rows = rows;
    this.#options = options;
  }

  async start(sql: string, token: string): Promise<string> {
    if (token.length < 32 || token.length > 128) throw new Error(`got a token of ${token.length} characters`);
    const { fault = (write) => write() } = this.#options;
    return fault(() => {
      const known = this.started.findIndex((one) => one.token === token);
      if (known >= 0 && this.started[known]!.sql !== sql) throw new Error('got another query under the same token');
      if (known >= 0) return String(known);
      return String(this.started.push({ sql, token, rows: select(this.#rows, sql), looks: 0, stopped: false }) - 1);
    });
  }

  async status(id: string): Promise<QueryStatus> {
    const query = this.#query(id);
    const { looks = 1, end } = this.#options;
    if (query.stopped) return { state: 'cancelled', scannedBytes: 0 };
    if (query.looks++ < looks) return { state: 'running', scannedBytes: 0 };
    const before = this.started.slice(0, Number(id)).filter(({ sql }) => sql === query.sql).length;
    return { state: 'succeeded', scannedBytes: 1_000, output: `athena/${id}.csv`, ...end?.(query.sql, before) };
  }

  async stop(id: string): Promise<void> {
    const { fault = (write) => write() } = this.#options;
    fault(() => {
      this.#query(id).stopped = true;
    });
  }

  async *rows(output: string, from: number): AsyncIterable<ResultRow> {
    const id = /^athena\/(\d+)\.csv$/.exec(output)?.[1];
    if (id === undefined) throw new ResultsExpired(`${output} is no longer there`);
    const query = this.#query(id);
    if (query.stopped || query.looks === 0) throw new Error('got rows asked of a query that did not succeed');
    for (const [i, row] of query.rows.entries()) {
      if (i < from) continue;
      const cells = [String(row.chain), String(row.position), Buffer.from(row.bytes).toString('utf8')];
      yield { cells: [...cells, toHex(row.leafHash).toUpperCase(), toHex(row.link).toUpperCase()], end: i + 1 };
    }
  }

  get running(): number {
    return this.started.filter(({ stopped, looks }) => !stopped && looks <= (this.#options.looks ?? 1)).length;
  }

  #query(id: string): Started {
    const found = this.started[Number(id)];
    if (found === undefined) throw new QueryForgotten(`nothing is known of ${id}`);
    return found;
  }
}

const time = (text: string) => Date.parse(`${text.replace(' ', 'T')}Z`);

function select(rows: readonly FakeRow[], sql: string): FakeRow[] {
  const from = time(/^ {2}AND recorded_at >= TIMESTAMP '([^']+)'$/m.exec(sql)![1]!);
  const to = time(/^ {2}AND recorded_at < TIMESTAMP '([^']+)'$/m.exec(sql)![1]!);
  const sign = sql.includes('ORDER BY recorded_at DESC, chain DESC') ? -1 : 1;
  const limit = Number(/^LIMIT (\d+)$/m.exec(sql)?.[1] ?? Number.POSITIVE_INFINITY);
  const after =
    /\(recorded_at = TIMESTAMP '([^']+)' AND \(chain [<>] (\d+) OR \(chain = \d+ AND "position" [<>] (\d+)\)/.exec(sql);
  const order = (a: FakeRow, b: Pick<FakeRow, 'recordedAt' | 'chain' | 'position'>) =>
    sign * (a.recordedAt - b.recordedAt || a.chain - b.chain || a.position - b.position);
  const place = after && { recordedAt: time(after[1]!), chain: Number(after[2]), position: Number(after[3]) };
  return rows
    .filter((row) => row.recordedAt >= from && row.recordedAt < to && (!place || order(row, place) > 0))
    .toSorted(order)
    .slice(0, limit);
}
