/**
 * Queries and what becomes of them.
 *
 * Promise: a query is on disk (fsync) before its start is answered, and ends once. What ran when the process died runs again
 * from its beginning at the next start, and writes the same object.
 */
import { randomUUID } from 'node:crypto';
import { AccessDenied } from '../aws/iam/access.ts';
import { Refusal } from '../aws/refusal.ts';
import { persistently } from '../persistently.ts';
import type { RuntimeContext } from '../template/provisioner.ts';
import { isRefusal } from './caller.ts';
import { type Execution, hasEnded } from './execution.ts';
import { QueryFault } from './failure.ts';
import { runQuery, type Workshop } from './run.ts';
import type { ExecutionStore } from './store.ts';

/** DuckDB uses both of a small machine's cores for one. */
const RUNNING_AT_ONCE = 2;

/** Running and queued: AWS's quota for queries is 20 to 200 by region. */
const MOST_ACTIVE = 20;

export interface Request extends Pick<Execution, 'sql' | 'parameters' | 'workGroup' | 'database' | 'accessKeyId'> {
  readonly token?: string;
}

type Surroundings = Pick<RuntimeContext, 'clock' | 'warn'>;

interface RunningExecution {
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

export class Executions {
  readonly #context: Surroundings;
  readonly #store: ExecutionStore;
  readonly #shop: Workshop;
  readonly #runs = new Map<string, RunningExecution>();
  readonly #accepting = new Map<string, Promise<Execution>>();
  #waiting: string[] = [];
  readonly #stopping = new AbortController();
  #suspended = false;

  constructor(context: Surroundings, store: ExecutionStore, shop: Workshop) {
    this.#context = context;
    this.#store = store;
    this.#shop = shop;
  }

  find(id: string): Execution | undefined {
    return this.#store.get(id);
  }

  get(id: string): Execution {
    const found = this.#store.get(id);
    if (found === undefined) throw invalid(`QueryExecution ${id} was not found`);
    return found;
  }

  ofWorkGroup(name: string): readonly Execution[] {
    return this.#store.ofWorkGroup(this.#shop.catalog.workGroup(name).name);
  }

  /** The same token is the same query, and with anything else it is refused. */
  async start({ token = randomUUID(), ...request }: Request): Promise<Execution> {
    const known = await (this.#accepting.get(token) ?? this.#store.ofToken(token));
    if (known !== undefined) {
      if (isSame(known, request)) return known;
      throw invalid('Idempotent parameters do not match');
    }
    if (this.#store.active.length + this.#accepting.size >= MOST_ACTIVE) {
      const code = 'TooManyRequestsException';
      throw new Refusal(400, code, `You have exceeded the limit for the number of queries you can run concurrently`);
    }
    const accepted = this.#accept({ ...request, token });
    this.#accepting.set(token, accepted);
    try {
      return await accepted;
    } finally {
      this.#accepting.delete(token);
    }
  }

  async stop(id: string): Promise<void> {
    const execution = this.get(id);
    if (hasEnded(execution)) return;
    const run = this.#runs.get(id);
    this.#waiting = this.#waiting.filter((one) => one !== id);
    if (run === undefined) return this.#end(execution, { state: 'CANCELLED', reason: STOPPED });
    run.abort.abort();
    await run.done;
  }

  /** Runs what an earlier run of the runtime left. */
  resume(): void {
    for (const { id } of this.#store.active) if (!this.#runs.has(id)) this.#waiting.push(id);
    this.#next();
  }

  /** Stops what runs, which stays as it is on disk. */
  async suspend(): Promise<void> {
    this.#suspended = true;
    this.#stopping.abort();
    const runs = [...this.#runs.values()];
    for (const { abort } of runs) abort.abort();
    await Promise.all(runs.map(({ done }) => done));
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  async #accept(request: Omit<Request, 'token'> & { readonly token: string }): Promise<Execution> {
    const execution: Execution = {
      ...request,
      id: randomUUID(),
      state: 'QUEUED',
      submittedAt: this.#context.clock.now(),
      ...{ scannedBytes: 0, outputBytes: 0, columns: [] },
    };
    await this.#store.put(execution);
    this.#waiting.push(execution.id);
    this.#next();
    return execution;
  }

  /** While the runtime stops, what waits is left for the next start. */
  #next(): void {
    while (!this.#suspended && this.#runs.size < RUNNING_AT_ONCE) {
      const id = this.#waiting.shift();
      if (id === undefined) return;
      const abort = new AbortController();
      const done = this.#run(this.get(id), abort.signal)
        .catch((error: unknown) => {
          this.#context.warn('athena', 'a query could not be ended and runs again at the next start', {
            ...{ query: id, error: String(error) },
          });
        })
        .finally(() => {
          this.#runs.delete(id);
          this.#next();
        });
      this.#runs.set(id, { abort, done });
    }
  }

  async #run(execution: Execution, signal: AbortSignal): Promise<void> {
    // That it runs is for people to see; its start is on disk.
    await this.#store.put({ ...execution, state: 'RUNNING' }).catch(() => undefined);
    let ending: Partial<Execution> & Pick<Execution, 'state'>;
    try {
      ending = { state: 'SUCCEEDED', ...(await runQuery(execution, signal, this.#shop)) };
    } catch (error) {
      // What an interruption looks like is the engine's business.
      ending = signal.aborted ? { state: 'CANCELLED', reason: STOPPED } : this.#endingOf(execution, error);
    }
    if (signal.aborted && this.#suspended) return;
    await this.#end(execution, ending);
  }

  async #end(execution: Execution, ending: Partial<Execution>): Promise<void> {
    const ended = { ...execution, ...ending, completedAt: this.#context.clock.now() };
    const about = { context: this.#context, part: 'athena', what: `the end of query ${execution.id}` };
    // A stop leaves it as it is on disk, so that it runs again at the next start.
    await persistently(() => this.#store.put(ended), { ...about, signal: this.#stopping.signal });
  }

  #endingOf({ id }: Execution, error: unknown): Pick<Execution, 'state' | 'reason'> {
    if (error instanceof QueryFault) return { state: error.state, reason: error.message };
    if (isRefusal(error)) {
      const kind = error instanceof AccessDenied ? 'PERMISSION_DENIED' : 'HIVE_CANNOT_OPEN_SPLIT';
      return { state: 'FAILED', reason: `${kind}: ${error.message}` };
    }
    // Where this machine keeps its files is nobody's business.
    const message = String((error as Partial<Error>).message ?? error).replaceAll(this.#shop.directory, '');
    const [, named] = NAMED.exec(message) ?? [];
    if (named !== undefined) return { state: 'FAILED', reason: named };
    const kind = ENGINE_FAULTS.find(([beginning]) => message.startsWith(beginning))?.[1];
    if (kind === undefined) {
      this.#context.warn('athena', 'a query failed for no reason of its own', { query: id, error: message });
    }
    return { state: 'FAILED', reason: `${kind ?? 'GENERIC_INTERNAL_ERROR'}: ${message}` };
  }
}

const STOPPED = 'Query cancelled by user';

/** What a macro fails with (local/athena/trino.ts). */
const NAMED =
  /^(?:Invalid Input Error: |Conversion Error: Could not convert string '|Conversion Error: Could not cast value ')([A-Z_]+: [^\n]*?)(?:' (?:to|from) .*)?$/s;

/** How DuckDB's messages begin, and what Athena calls it. */
const ENGINE_FAULTS = [
  ['Parser Error', 'SYNTAX_ERROR'],
  ['Binder Error', 'SYNTAX_ERROR'],
  ['Catalog Error', 'SYNTAX_ERROR'],
  ['Permission Error', 'PERMISSION_DENIED'],
  ['Conversion Error', 'INVALID_CAST_ARGUMENT'],
  ['Out of Range Error', 'NUMERIC_VALUE_OUT_OF_RANGE'],
  ['Out of Memory Error', 'EXCEEDED_LOCAL_MEMORY_LIMIT'],
  ['Invalid Input Error', 'GENERIC_USER_ERROR'],
  ['Invalid Error', 'HIVE_BAD_DATA'],
  ['IO Error', 'HIVE_BAD_DATA'],
] as const;

function isSame(known: Execution, { sql, parameters, workGroup, database }: Omit<Request, 'token'>): boolean {
  return (
    known.sql === sql &&
    known.parameters.join('\n') === parameters.join('\n') &&
    known.workGroup === workGroup &&
    known.database === database
  );
}

const invalid = (message: string) => new Refusal(400, 'InvalidRequestException', message);
