/**
 * SNS and SQS by fauxqs, inside this process and without a port of its own (its server listens on every interface): requests are
 * injected into its application. Its state is in SQLite under the data directory, written before the answer.
 *
 * What is corrected here, around fauxqs 2.4:
 *   - Its writes are one SQLite transaction each. A message that moves to a dead-letter queue would be lost by SIGKILL in between,
 *     and a publication half delivered. All writes of one turn of the event loop become one transaction, committed before the
 *     answer can leave.
 *   - Making a message visible again (ChangeMessageVisibility 0) breaks on its own schema and would drop the message.
 *   - Queue URLs are the address of the runtime's endpoint, which may have changed since the last start.
 * Not as on AWS: a message is kept beyond MessageRetentionPeriod.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

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

interface Persistence {
  readonly db: DatabaseSync;
  loadSqsAndSns(sqs: SqsStore, sns: SnsStore): void;
  updateMessageReady(messageId: string): void;
  close(): void;
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
  topicPolicy(arn: string): string | undefined;
  hasQueue(arn: string): boolean;
  hasTopic(arn: string): boolean;
  close(): Promise<void>;
}

export async function openFauxqs(options: FauxqsOptions): Promise<Fauxqs> {
  const modules = await load();
  const sqs = new modules.SqsStore();
  const sns = new modules.SnsStore();
  const manager = new modules.PersistenceManager(options.dataDir);
  // Write-ahead with a sync at each checkpoint: nothing acknowledged is lost when the process is killed.
  manager.db.exec('PRAGMA synchronous = NORMAL');
  manager.loadSqsAndSns(sqs, sns);
  const persistence = inTurns(corrected(manager));
  readdress(sqs, `${options.endpoint}/${options.account}`);
  for (const queue of sqs.queues.values()) queue.persistence = persistence;
  sqs.persistence = persistence;
  sns.persistence = persistence;
  const app = modules.buildApp({
    logger: false,
    defaultRegion: options.region,
    stores: { sqsStore: sqs, snsStore: sns },
  });
  return {
    send: async (headers, payload) => {
      sqs.processAllTimers();
      const answer = await app.inject({ method: 'POST', url: '/', headers, payload });
      return { status: answer.statusCode, headers: textHeaders(answer.headers), body: answer.rawPayload };
    },
    queuePolicy: (arn) => sqs.getQueueByArn(arn)?.attributes.Policy,
    topicPolicy: (arn) => sns.getTopic(arn)?.attributes.Policy,
    hasQueue: (arn) => sqs.getQueueByArn(arn) !== undefined,
    hasTopic: (arn) => sns.getTopic(arn) !== undefined,
    close: async () => {
      await app.close();
      manager.close();
    },
  };
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

function corrected(manager: Persistence): Persistence {
  const ready = manager.db.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  manager.updateMessageReady = (messageId) => {
    ready.run(messageId);
  };
  return manager;
}

/** One transaction for all that is written in one turn; the commit runs before any continuation that could answer. */
function inTurns(manager: Persistence): Persistence {
  let open = false;
  const begin = () => {
    if (open) return;
    open = true;
    manager.db.exec('BEGIN');
    queueMicrotask(() => {
      open = false;
      manager.db.exec('COMMIT');
    });
  };
  return new Proxy(manager, {
    get: (target, property) => {
      const member = Reflect.get(target, property) as unknown;
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]) => {
        begin();
        return Reflect.apply(member, target, parameters) as unknown;
      };
    },
  });
}

function textHeaders(headers: Record<string, unknown>): Record<string, string> {
  const text: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name !== 'connection' && name !== 'date' && value !== undefined) text[name] = String(value);
  }
  return text;
}
