/**
 * SNS and SQS by fauxqs, inside this process and without a port of its own (its server listens on every interface): requests are
 * injected into its application. Its state is in SQLite under the data directory, written before the answer.
 *
 * What is corrected here, around fauxqs 2.4:
 *   - Its writes are one SQLite transaction each. A message that moves to a dead-letter queue would be lost by SIGKILL in between,
 *     and a publication half delivered. All writes of one turn of the event loop become one transaction, committed before the
 *     answer can leave.
 *   - Making a message visible again (ChangeMessageVisibility 0) breaks on its own schema and would drop the message.
 *   - What can't be written (a full disk) is in memory all the same: the call is refused, and memory is read from the file again.
 *   - Queue URLs are the address of the runtime's endpoint, which may have changed since the last start.
 * Not as on AWS: a message is kept beyond MessageRetentionPeriod.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileSentence, messageOf } from '../failure.ts';
import { unreadable } from '../files.ts';
import { corrected, inTurns, type Persistence } from './persistence.ts';

interface Queue {
  readonly name: string;
  readonly arn: string;
  url: string;
  readonly attributes: Readonly<Record<string, string>>;
  persistence?: Persistence;
}

interface SqsStore {
  readonly queues: Map<string, Queue>;
  region?: string;
  persistence?: Persistence;
  buildQueueUrl(name: string): string;
  getQueueByArn(arn: string): Queue | undefined;
  processAllTimers(): void;
}

interface SnsStore {
  region?: string;
  persistence?: Persistence;
  getTopic(arn: string): { readonly attributes: Readonly<Record<string, string>> } | undefined;
}

interface App {
  inject(request: {
    method: 'POST';
    url: '/';
    headers: Readonly<Record<string, string>>;
    payload: Buffer | string;
  }): Promise<{ statusCode: number; headers: Record<string, unknown>; rawPayload: Buffer }>;
  close(): Promise<void>;
}

/** What fauxqs exports from inside its package; only the application is in its public interface. */
interface Modules {
  readonly buildApp: (options: Record<string, unknown>) => App;
  readonly SqsStore: new () => SqsStore;
  readonly SnsStore: new () => SnsStore;
  readonly PersistenceManager: new (dataDir: string) => Persistence;
}

export interface FauxqsOptions {
  readonly dataDir: string;
  readonly region: string;
  readonly account: string;
  /** What queue URLs begin with. */
  readonly endpoint: string;
}

export interface FauxqsAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

export interface Fauxqs {
  send(headers: Readonly<Record<string, string>>, body: Buffer | string): Promise<FauxqsAnswer>;
  queuePolicy(arn: string): string | undefined;
  /** The customer managed key of a queue or topic. */
  keyOf(arn: string): string | undefined;
  topicPolicy(arn: string): string | undefined;
  hasQueue(arn: string): boolean;
  hasTopic(arn: string): boolean;
  close(): Promise<void>;
}

/** Throws StartFailure when the file can't be used. */
export async function openFauxqs(options: FauxqsOptions): Promise<Fauxqs> {
  const modules = await load();
  let engine = openEngine(modules, options);
  /** What could not be kept is in memory all the same, so memory is read from the file again. */
  const current = (): Engine => {
    if (!engine.failed()) return engine;
    engine.close();
    engine = openEngine(modules, options);
    return engine;
  };
  return {
    send: async (headers, payload) => {
      const { app, sqs, failed, failure } = current();
      sqs.processAllTimers();
      const answered = app.inject({ method: 'POST', url: '/', headers, payload });
      // Whatever the answer would be, what it tells may not have been kept; a long poll would wait for nothing.
      const answer = await Promise.race([answered, failure]);
      if (failed()) throw await failure.catch((error: unknown) => error);
      return { status: answer.statusCode, headers: textHeaders(answer.headers), body: answer.rawPayload };
    },
    keyOf: (arn) => (engine.sqs.getQueueByArn(arn) ?? engine.sns.getTopic(arn))?.attributes.KmsMasterKeyId || undefined,
    queuePolicy: (arn) => engine.sqs.getQueueByArn(arn)?.attributes.Policy,
    topicPolicy: (arn) => engine.sns.getTopic(arn)?.attributes.Policy,
    hasQueue: (arn) => engine.sqs.getQueueByArn(arn) !== undefined,
    hasTopic: (arn) => engine.sns.getTopic(arn) !== undefined,
    close: async () => {
      await engine.app.close();
      engine.close();
    },
  };
}

/** fauxqs over one opening of its file. */
interface Engine {
  readonly app: App;
  readonly sqs: SqsStore;
  readonly sns: SnsStore;
  /** Whether something could not be written; nothing that it answers counts from then on. */
  failed(): boolean;
  /** Rejects when something could not be written. */
  readonly failure: Promise<never>;
  close(): void;
}

function openEngine(modules: Modules, { dataDir, region, account, endpoint }: FauxqsOptions): Engine {
  const sqs = new modules.SqsStore();
  const sns = new modules.SnsStore();
  const manager = opened(modules, dataDir);
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  let failed = false;
  const fail = (error: unknown): void => {
    failed = true;
    failure.reject(new MessagesNotKept(error));
  };
  manager.loadSqsAndSns(sqs, sns);
  const persistence = inTurns(corrected(manager), fail);
  readdress(sqs, `${endpoint}/${account}`);
  for (const queue of sqs.queues.values()) queue.persistence = persistence;
  sqs.persistence = persistence;
  sns.persistence = persistence;
  const stores = { sqsStore: sqs, snsStore: sns };
  const app = modules.buildApp({ logger: false, defaultRegion: region, stores });
  return { app, sqs, sns, failed: () => failed, failure: failure.promise, close: () => manager.close() };
}

/** The message store could not write; what it was told is not there. */
class MessagesNotKept extends Error {
  override readonly name = 'MessagesNotKept';
  readonly code: string | undefined;
  constructor(cause: unknown) {
    super(`SNS and SQS can't keep messages: ${messageOf(cause)}`, { cause });
    this.code = (cause as { errcode?: number }).errcode === SQLITE_FULL ? 'ENOSPC' : undefined;
  }
}

/** As SQLite numbers "database or disk is full". */
const SQLITE_FULL = 13;

function opened(modules: Modules, dataDir: string): Persistence {
  try {
    const manager = new modules.PersistenceManager(dataDir);
    // Write-ahead with a sync at each checkpoint: nothing acknowledged is lost when the process is killed.
    manager.db.exec('PRAGMA synchronous = NORMAL');
    return manager;
  } catch (error) {
    const advice = 'restore it from a copy, or delete the folder: messages in queues are then lost';
    throw fileSentence(error) === undefined ? unreadable(dataDir, messageOf(error), advice) : error;
  }
}

async function load(): Promise<Modules> {
  const folders = createRequire(import.meta.url).resolve.paths('fauxqs') ?? [];
  const folder = folders.map((base) => join(base, 'fauxqs', 'dist')).find((candidate) => existsSync(candidate));
  if (folder === undefined) throw new Error('The npm package fauxqs is not installed.');
  const module = async (path: string) => (await import(pathToFileURL(join(folder, path)).href)) as Modules;
  const { buildApp } = await module('app.js');
  const { SqsStore } = await module('sqs/sqsStore.js');
  const { SnsStore } = await module('sns/snsStore.js');
  const { PersistenceManager } = await module('persistence.js');
  return { buildApp, SqsStore, SnsStore, PersistenceManager };
}

function readdress(sqs: SqsStore, base: string): void {
  sqs.buildQueueUrl = (name) => `${base}/${name}`;
  const queues = [...sqs.queues.values()];
  sqs.queues.clear();
  for (const queue of queues) {
    queue.url = sqs.buildQueueUrl(queue.name);
    sqs.queues.set(queue.url, queue);
  }
}

function textHeaders(headers: Record<string, unknown>): Record<string, string> {
  const text: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name !== 'connection' && name !== 'date' && value !== undefined) text[name] = String(value);
  }
  return text;
}
