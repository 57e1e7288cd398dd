/**
 * The database of a runtime: one DynamoDB Local at a time, replaced when it dies or can't be believed any more.
 *
 * Promise: what a call answers is committed in the file (commits.ts). A call that meets a dead or dying emulator, or a full
 * disk, is refused with an error that SDKs try again; whether its write took effect is then not known, as with any 500.
 */
import { Agent } from 'node:http';
import { join } from 'node:path';
import { messageOf } from '../failure.ts';
import type { Space } from '../space.ts';
import type { Clock } from '../template/provisioner.ts';
import { batchAnswer, transactionHeaders, transactionOf } from './batches.ts';
import { type Answer, type DynamoDbClient, dynamoDbClient, exchange } from './client.ts';
import { Commits, NotCommitted } from './commits.ts';
import { DATABASE_FILE } from './retention.ts';
import { type DynamoDb, startDynamoDb } from './start.ts';
import { areRecorded, withToken } from './tokens.ts';

const MOST_CONNECTIONS = 128;

/** Between attempts to start the emulator again: at once, then doubling. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

const TRANSACTIONS = new Set(['TransactWriteItems', 'ExecuteTransaction']);
const WRITES = new Set([
  ...['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'ExecuteStatement', 'BatchExecuteStatement'],
  ...TRANSACTIONS,
]);

/** No answer can be given now; the message says why and what helps. Another attempt may succeed. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

export interface DatabaseOptions {
  /** Folder of the database file. */
  readonly dir: string;
  readonly clock: Clock;
  readonly space: Space;
  readonly warn: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
}

/** One life of the emulator. */
interface Session {
  readonly process: DynamoDb;
  readonly agent: Agent;
  readonly endpoint: URL;
  readonly commits: Commits;
  /** Settles when the batches of writes that were taken so far are done. */
  batches: Promise<unknown>;
}

export function isWrite(operation: string): boolean {
  return WRITES.has(operation);
}

export class Database {
  readonly client: DynamoDbClient;
  readonly #options: DatabaseOptions;
  readonly #stopping = new AbortController();
  #session: Session | undefined;
  #starting: Promise<void> = Promise.resolve();

  private constructor(options: DatabaseOptions) {
    this.#options = options;
    this.client = dynamoDbClient((operation, headers, body) => this.send(operation, headers, body));
  }

  /** Throws DynamoDbUnavailable when there is no Java, and StartFailure when the file can't be used. */
  static async open(options: DatabaseOptions): Promise<Database> {
    const database = new Database(options);
    await database.#begin();
    return database;
  }

  /** Of the emulator that runs now. */
  get pid(): number | undefined {
    return this.#session?.process.pid;
  }

  /** Throws DatabaseUnavailable. */
  async send(operation: string, headers: Readonly<Record<string, string>>, body: Buffer): Promise<Answer> {
    if (isWrite(operation)) this.#demandSpace();
    const session = this.#session;
    if (!session) throw new DatabaseUnavailable('The local DynamoDB is being started again; try again.');
    try {
      return await call(session, operation, headers, body);
    } catch (error) {
      if (error instanceof NotCommitted) this.#demandSpace();
      // A connection that the emulator refused or cut: nothing is known about the call.
      throw new DatabaseUnavailable('The local DynamoDB does not answer; try again.', { cause: error });
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#starting;
    const session = this.#session;
    this.#session = undefined;
    session?.agent.destroy();
    await session?.process.stop();
  }

  #demandSpace(): void {
    const shortage = this.#options.space.shortage();
    if (shortage !== undefined) throw new DatabaseUnavailable(shortage);
  }

  async #begin(): Promise<void> {
    const { dir, warn } = this.#options;
    const process = await startDynamoDb({ dir });
    const agent = new Agent({ keepAlive: true, maxSockets: MOST_CONNECTIONS });
    const endpoint = new URL(process.endpoint);
    const direct = dynamoDbClient((_, headers, body) => exchange(agent, endpoint, headers, body));
    const commits = new Commits({
      journal: join(dir, `${DATABASE_FILE}-journal`),
      recorded: (tokens) => areRecorded(join(dir, DATABASE_FILE), tokens, Date.now()),
      barrier: () => direct.call('ListTables', { Limit: 1 }),
      stuck: () => {
        warn('DynamoDB Local could not commit and is started again; what it had not committed was refused.');
        process.kill();
      },
    });
    const session: Session = { process, agent, endpoint, commits, batches: Promise.resolve() };
    this.#session = session;
    void process.ended.then((said) => this.#ended(session, said));
  }

  #ended(session: Session, said: string): void {
    session.agent.destroy();
    if (this.#session !== session || this.#stopping.signal.aborted) return;
    this.#session = undefined;
    this.#options.warn('DynamoDB Local ended and is started again; until then calls to it are refused.', { said });
    this.#starting = this.#restart();
  }

  async #restart(): Promise<void> {
    const { clock, warn, space } = this.#options;
    const { signal } = this.#stopping;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        // Its start writes; on a full disk it would fail, and again and again.
        if (space.shortage() === undefined) {
          await this.#begin();
          warn('DynamoDB Local runs again.');
          return;
        }
      } catch (error) {
        warn('DynamoDB Local could not be started again, trying again', { error: messageOf(error) });
      }
      await clock.sleep(Math.min(FIRST_WAIT_MS * 2 ** Math.min(attempt, 16), LONGEST_WAIT_MS), signal);
    }
  }
}

type Headers = Readonly<Record<string, string>>;

async function call(session: Session, operation: string, headers: Headers, body: Buffer): Promise<Answer> {
  if (operation === 'BatchWriteItem') {
    const transaction = transactionOf(body);
    const answer =
      transaction && (await inTurn(session, () => transact(session, transactionHeaders(headers), transaction)));
    const batched = answer && batchAnswer(answer);
    if (batched) return batched;
  }
  if (TRANSACTIONS.has(operation)) return transact(session, headers, body);
  const { agent, endpoint, commits } = session;
  const kind = WRITES.has(operation) ? 'write' : 'read';
  return commits.call(kind, () => exchange(agent, endpoint, headers, body));
}

function transact({ agent, endpoint, commits }: Session, headers: Headers, body: Buffer): Promise<Answer> {
  const sent = withToken(body);
  const lengthened = { ...headers, 'content-length': String(sent.body.length) };
  return commits.call(sent.kind, () => exchange(agent, endpoint, lengthened, sent.body));
}

/** One batch after the other: other writes, and the reads that wait for them, get their turn in between. */
function inTurn(session: Session, act: () => Promise<Answer>): Promise<Answer> {
  const answer = session.batches.then(act);
  session.batches = answer.catch(() => undefined);
  return answer;
}
