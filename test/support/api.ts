// The functions of ingest and read over a ledger in memory.
import { zstd } from '../../adapters/zstd.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { CATALOG } from '../../core/catalog/catalog.ts';
import { parseJson } from '../../core/json/parse.ts';
import { DEFAULT_LIMITS, type Limits } from '../../core/limits.ts';
import { compileRedaction } from '../../core/redact/configure.ts';
import { ingest } from '../../functions/api/ingest/ingest.ts';
import { ingestProblem } from '../../functions/api/ingest/problems.ts';
import { read, readProblem } from '../../functions/api/read/read.ts';
import { type HttpEvent, http } from '../../functions/api/shared/http.ts';
import type { Problem } from '../../functions/api/shared/problem.ts';
import { observeEvents } from '../../functions/events/observe/observe.ts';
import { newId } from '../../functions/shared/id.ts';
import { Ledger } from '../../services/append/ledger.ts';
import type { BlockStore } from '../../services/append/port.ts';
import { MemoryBlockStore } from '../fakes/memory-block-store.ts';
import { CLAIMS, CONTEXT, request } from '../unit/functions/requests.ts';
import { FakeClock } from './clock.ts';
import { expectDocumented } from './openapi.ts';
import { type AccessOptions, access } from './reading.ts';
import { oneEntryPorts } from './searching.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; the tests look at it
  readonly body: any;
  readonly text: string;
}

interface ApiOptions {
  readonly memory?: MemoryBlockStore;
  readonly store?: BlockStore;
  readonly clock?: FakeClock;
  readonly limits?: Partial<Limits>;
  readonly strict?: boolean;
  readonly access?: AccessOptions;
}

/** The functions as they are deployed, over a ledger in memory and a clock of its own. */
export class Api {
  readonly clock: FakeClock;
  readonly memory: MemoryBlockStore;
  readonly problems: Problem[] = [];
  /** The one that the functions write to. */
  readonly ledger: Ledger;
  recorded = 0;
  readonly observe: (event: unknown) => Promise<unknown>;
  readonly #ingest: (event: HttpEvent, context: never) => Promise<unknown>;
  readonly #read: (event: HttpEvent, context: never) => Promise<unknown>;

  constructor({ clock = laterThanTheEvents(), limits, strict = false, ...given }: ApiOptions = {}) {
    this.clock = clock;
    this.memory = given.memory ?? new MemoryBlockStore({ now: clock.now });
    const store = given.store ?? this.memory;
    const ledger = new Ledger({ store, compression: zstd, clock });
    this.ledger = ledger;
    const preparation = {
      strict,
      catalog: CATALOG,
      redaction: compileRedaction({}),
      limits: { ...DEFAULT_LIMITS, ...limits },
    };
    const now = () => new Date(clock.now());
    const onProblem = (problem: Problem) => {
      this.problems.push(problem);
    };
    const onRecorded = (count: number) => {
      this.recorded += count;
    };
    this.#ingest = http('ingest', ingest({ ledger, claims: CLAIMS, preparation, now, newId, onRecorded }), {
      describe: ingestProblem(preparation.limits),
      onProblem,
    });
    const recording = { ledger, redaction: preparation.redaction, now, newId };
    const ports = {
      ...oneEntryPorts(store, () => now().getTime()),
      onGap: () => undefined,
      access: access(now, given.access),
      recording,
    };
    this.#read = http('read', read(ports), { describe: readProblem, onProblem });
    const rules = { systemTenant: 'system', sourceTenants: {} };
    this.observe = observeEvents({ ledger, rules, preparation, now, newId });
  }

  /** Strings are sent as they are, everything else as JSON. */
  async post(body: unknown, sent: Omit<Parameters<typeof request>[0] & object, 'body'> = {}): Promise<Answer> {
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    return documented('recordEntries', answer(await this.#ingest(request({ ...sent, body: text }), CONTEXT)));
  }

  async get(
    chain: number | string,
    position: number | string,
    claims: Record<string, unknown> = {},
    query?: Record<string, string>,
  ): Promise<Answer> {
    const path = { chain: String(chain), position: String(position) };
    const event = { ...request({ path, claims }), ...(query === undefined ? {} : { queryStringParameters: query }) };
    return documented('readEntry', answer(await this.#read(event, CONTEXT)));
  }

  // biome-ignore lint/suspicious/noExplicitAny: entries as they are stored; the tests look at them
  entries(tenant = 'acme'): any[] {
    const entries = this.memory.blocks(`${tenant}#0`).flatMap((block) => decodeBlock(block, zstd).entries);
    return entries.map((bytes) => parseJson(bytes));
  }
}

function documented(operation: 'recordEntries' | 'readEntry', answered: Answer): Answer {
  expectDocumented(operation, answered);
  return answered;
}

/** The events of the tests are of 2026-03-01. */
export function laterThanTheEvents(): FakeClock {
  return new FakeClock(1, Date.parse('2026-03-01T12:00:00Z'));
}

function answer(response: unknown): Answer {
  const { statusCode, headers, body } = response as { statusCode: number; headers: Answer['headers']; body: string };
  return { status: statusCode, headers, body: JSON.parse(body), text: body };
}

export const ENTRY = {
  action: 'customer.created',
  actor: { type: 'user', id: 'u-17', name: 'Maya' },
  target: { type: 'customer', id: 'c-1' },
};
