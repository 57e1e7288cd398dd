// The function of holds over an archive in memory.
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { zstd } from '../../adapters/zstd.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { parseJson } from '../../core/json/parse.ts';
import { NO_EXTRA_REDACTION } from '../../core/redact/policy.ts';
import { holds } from '../../functions/api/holds/holds.ts';
import { holdProblem } from '../../functions/api/holds/problems.ts';
import { type HttpEvent, http } from '../../functions/api/shared/http.ts';
import type { ReadingPorts } from '../../functions/api/shared/reading.ts';
import { newId } from '../../functions/shared/id.ts';
import { Ledger } from '../../services/append/ledger.ts';
import type { HoldPorts } from '../../services/hold/apply.ts';
import { HoldEvents } from '../../services/hold/events.ts';
import { type ReconcilePorts, reconcileHolds } from '../../services/hold/reconcile.ts';
import type { SweepTask } from '../../services/hold/steps.ts';
import { type SweepPorts, sweep } from '../../services/hold/sweep.ts';
import { type Fault, MemoryLockedStore } from '../fakes/locked-store.ts';
import { MemoryBlockStore } from '../fakes/memory-block-store.ts';
import { CLAIMS, CONTEXT, request } from '../unit/functions/requests.ts';
import type { Answer } from './api.ts';
import { FakeClock } from './clock.ts';
import { expectDocumentedRoute } from './openapi.ts';
import { access } from './reading.ts';

const NOON = Date.parse('2026-03-01T12:00:00.000Z');

interface Sent {
  readonly body?: unknown;
  readonly key?: string;
  readonly role?: string;
  readonly tenant?: string;
  readonly subject?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

/** The holds function as it is deployed, over an archive and a ledger in memory; a name starts one sweep. */
export class HoldApi {
  now = NOON;
  /** Asked at every write: of an event, of an entry, of a start. */
  fault: (() => Fault) | undefined;
  readonly store: MemoryLockedStore;
  readonly trail = new MemoryBlockStore({ now: () => this.now });
  readonly started = new Map<string, SweepTask>();
  readonly ports: HoldPorts & ReconcilePorts & Pick<ReadingPorts, 'recording'>;
  readonly #handle: (event: HttpEvent, context: never) => Promise<unknown>;
  #ids = 0;

  constructor(store?: MemoryLockedStore, reviewers: readonly string[] = []) {
    const now = () => new Date(this.now);
    this.store = store ?? new MemoryLockedStore({ now, fault: () => this.fault?.() });
    const clock = Object.assign(new FakeClock(), { now: () => this.now });
    const ledger = new Ledger({ store: this.trail, compression: zstd, clock });
    this.ports = {
      ...{ store: this.store, events: new HoldEvents(this.store, now), now },
      recording: {
        ...{ redaction: NO_EXTRA_REDACTION, now, newId },
        ledger: {
          prepare: (tenant) => ledger.prepare(tenant),
          append: (one) => this.#faulty(() => ledger.append(one)),
        },
      },
      sweeper: {
        start: (name, task) =>
          this.#faulty(async () => {
            if (!this.started.has(name)) this.started.set(name, task);
          }),
      },
    };
    const api = holds({
      ports: this.ports,
      access: access(now, { tenants: { acme: { reviewers } } }),
      newId: () => `id-${++this.#ids}`,
    });
    this.#handle = http('holds', api, { describe: holdProblem });
  }

  post(body: unknown, sent: Sent = {}): Promise<Answer> {
    return this.#send('POST /v1/holds', { ...sent, body });
  }

  release(id: string, body: unknown, sent: Sent = {}): Promise<Answer> {
    return this.#send('POST /v1/holds/{id}/release', { ...sent, body }, { id });
  }

  list(sent: Sent = {}): Promise<Answer> {
    return this.#send('GET /v1/holds', sent);
  }

  heal(): Promise<number> {
    return reconcileHolds(this.ports);
  }

  /** Runs a sweep to its end. */
  async sweep(task: SweepTask, budgetMs = 60_000): Promise<SweepTask> {
    const ports: SweepPorts = { ...this.ports, store: this.store, codec: parquetSegments, budgetMs };
    let answer = await sweep(task, ports);
    for (let calls = 0; answer.done !== true; calls++) {
      if (calls > 100) throw new Error('the sweep does not come to an end');
      answer = await sweep(answer, ports);
    }
    return answer;
  }

  /** But for those that say what was read. */
  // biome-ignore lint/suspicious/noExplicitAny: entries as they are stored; the tests look at them
  entries(tenant = 'acme'): any[] {
    return this.#trail(tenant).filter(({ category }) => category !== 'audit_access');
  }

  // biome-ignore lint/suspicious/noExplicitAny: entries as they are stored; the tests look at them
  reads(tenant = 'acme'): any[] {
    return this.#trail(tenant).filter(({ category }) => category === 'audit_access');
  }

  // biome-ignore lint/suspicious/noExplicitAny: entries as they are stored; the tests look at them
  #trail(tenant: string): any[] {
    const entries = this.trail.blocks(`${tenant}#0`).flatMap((block) => decodeBlock(block, zstd).entries);
    return entries.map((bytes) => parseJson(bytes));
  }

  async #send(routeKey: string, { body, key, role = 'compliance', ...sent }: Sent, path?: Record<string, string>) {
    const event = request({
      body: typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
      headers: { ...(key === undefined ? {} : { 'idempotency-key': key }), ...sent.headers },
      claims: { [CLAIMS.role]: role, [CLAIMS.tenant]: sent.tenant ?? 'acme', sub: sent.subject ?? 'officer-1' },
      ...(path === undefined ? {} : { path }),
    });
    const response = await this.#handle(
      { ...event, routeKey, queryStringParameters: sent.query } as HttpEvent,
      CONTEXT,
    );
    const answer = response as { statusCode: number; headers: Answer['headers']; body: string };
    const answered = {
      ...{ status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body), text: answer.body },
    };
    expectDocumentedRoute(routeKey, answered);
    return answered;
  }

  async #faulty<T>(write: () => Promise<T>): Promise<T> {
    const fault = this.fault?.();
    if (fault === 'lost') throw new Error('nothing was written');
    const result = await write();
    if (fault === 'persisted') throw new Error('the answer is lost');
    return result;
  }
}
