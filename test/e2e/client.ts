/** Requests as an application makes them, against a running runtime. */
import type { Runtime } from './runtime.ts';

export interface Receipt {
  readonly id: string;
  readonly chain: number;
  readonly position: number;
  readonly leafHash: string;
  readonly link: string;
  readonly recordedAt: string;
}

export interface ReadEntry {
  readonly entry: Readonly<Record<string, unknown>> & { readonly id: string; readonly category: string };
  readonly chain: number;
  readonly position: number;
  readonly leafHash: string;
  readonly previousLink: string;
  readonly link: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; the tests look at it
  readonly body: any;
}

/** Each is a write to a file, which the next one need not wait for; more would start more instances of the function. */
const READS_AT_ONCE = 4;

export class TenantClient {
  readonly tenant: string;
  readonly #runtime: Runtime;
  #writer = '';
  #reader = '';

  constructor(runtime: Runtime, tenant: string) {
    this.#runtime = runtime;
    this.tenant = tenant;
  }

  async post(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    this.#writer ||= await this.#runtime.token(this.tenant, 'writer');
    return answer(
      await fetch(`${this.#runtime.url}/v1/entries`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.#writer}`, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    );
  }

  async receipts(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<readonly Receipt[]> {
    const { status, body: answered } = await this.post(body, headers);
    if (status !== 201) throw new Error(`${status}: ${JSON.stringify(answered)}`);
    return answered.receipts as Receipt[];
  }

  async read(chain: number, position: number): Promise<ReadEntry | undefined> {
    this.#reader ||= await this.#runtime.token(this.tenant, 'compliance');
    const response = await fetch(`${this.#runtime.url}/v1/chains/${chain}/entries/${position}`, {
      headers: { authorization: `Bearer ${this.#reader}` },
    });
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    return (await response.json()) as ReadEntry;
  }

  /** What was recorded but for what was read, newest first, as a reviewer sees it who has done nothing of it. */
  async actions(): Promise<string[]> {
    const token = await this.#runtime.token(this.tenant, 'compliance', { subject: 'reviewer' });
    const query = new URLSearchParams({ q: 'NOT category:audit_access', limit: '200' });
    const response = await fetch(`${this.#runtime.url}/v1/entries?${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { status, body } = await answer(response);
    if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
    return (body.entries as ReadEntry[]).map(({ entry }) => String(entry.action));
  }

  /** A whole chain, from its beginning to its end, or to what its own reading recorded, which it may not see. */
  async chain(chain: number): Promise<ReadEntry[]> {
    const entries: ReadEntry[] = [];
    for (;;) {
      const places = Array.from({ length: READS_AT_ONCE }, (_, n) => entries.length + n);
      const read = await Promise.all(places.map((position) => this.read(chain, position)));
      const end = read.indexOf(undefined);
      entries.push(...(read.slice(0, end === -1 ? read.length : end) as ReadEntry[]));
      if (end !== -1) return entries;
    }
  }
}

export async function answer(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

/** Asks again until it holds; the test's own time limit is the end of patience. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
