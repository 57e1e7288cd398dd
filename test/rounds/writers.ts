/** Clients that write without a pause, and note what was answered. Half of them send keys, and send again what had no answer. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Receipt } from '../e2e/client.ts';
import type { Runtime } from '../e2e/runtime.ts';

export const TENANT = 'acme';

const WRITERS = 6;
const BATCH = 4;
/** After a refusal, so that a full disk is not a busy loop. */
const PAUSE_MS = 50;

interface Sent {
  readonly body: string;
  /** The idempotency key, of writers that send one. */
  readonly key?: string;
}

export class Writers {
  /** Everything that was ever answered with 201, by entry id. */
  readonly acknowledged = new Map<string, Receipt>();
  /** Ids that came back in two receipts with different places: an entry that is there twice. */
  readonly moved: string[] = [];
  refused = 0;
  #unanswered: Sent[] = [];
  #stopping = false;
  #running: Promise<unknown> = Promise.resolve();

  /** Begins with what the last run left without an answer and can be sent again. */
  async start(runtime: Runtime): Promise<void> {
    this.#stopping = false;
    const token = await runtime.token(TENANT);
    const again = this.#unanswered;
    this.#unanswered = [];
    const writers = Array.from({ length: WRITERS }, (_, index) => this.#write(runtime.url, token, index % 2 === 0));
    this.#running = Promise.all([...again.map((sent) => this.#send(runtime.url, token, sent)), ...writers]);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
  }

  async #write(url: string, token: string, keyed: boolean): Promise<void> {
    for (let n = 0; !this.#stopping; n += 1) {
      const entries = Array.from({ length: n % 3 === 0 ? BATCH : 1 }, () => entry());
      const sent = { body: JSON.stringify({ entries }), ...(keyed && { key: randomUUID() }) };
      if (!(await this.#send(url, token, sent))) await sleep(PAUSE_MS);
    }
  }

  /** Whether it was answered with receipts. */
  async #send(url: string, token: string, sent: Sent): Promise<boolean> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const own = sent.key === undefined ? headers : { ...headers, 'idempotency-key': sent.key };
    const answered = await fetch(`${url}/v1/entries`, { method: 'POST', headers: own, body: sent.body }).then(
      async (response) => ({ status: response.status, body: (await response.json()) as { receipts?: Receipt[] } }),
      () => undefined,
    );
    if (answered?.status === 201) {
      for (const receipt of answered.body.receipts ?? []) this.#note(receipt);
      return true;
    }
    this.refused += 1;
    if (sent.key !== undefined) this.#unanswered.push(sent);
    return false;
  }

  #note(receipt: Receipt): void {
    const known = this.acknowledged.get(receipt.id);
    if (known && (known.chain !== receipt.chain || known.position !== receipt.position)) this.moved.push(receipt.id);
    this.acknowledged.set(receipt.id, receipt);
  }
}

function entry(): object {
  return {
    action: 'payment.created',
    actor: { type: 'user', id: `u${Math.floor(Math.random() * 50)}` },
    target: { type: 'order', id: randomUUID() },
    metadata: { note: 'n'.repeat(Math.floor(Math.random() * 2_000)) },
  };
}
