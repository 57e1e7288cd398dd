// Bundles that a deployment makes by itself: begun, or gone on with, and waited for.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PATHS } from '../../names/api.ts';
import type { Period } from '../../services/bundle/plan.ts';
import { bar } from '../bar.ts';
import { CommandError, EXIT } from '../exit.ts';
import { remark } from '../terminal.ts';
import type { ApiClient } from './client.ts';

/** A bundle as the API shows it. */
interface Bundle {
  readonly id: string;
  readonly status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly from: string | null;
  readonly to: string | null;
  readonly logSize: number;
  readonly createdAt: string;
  readonly positions: number | null;
  readonly done: number | null;
  readonly bytes: number | null;
  readonly url?: string;
  readonly reason: string | null;
}

/** A bundle that is there, and whence it can be had for some minutes. */
export interface MadeBundle {
  readonly id: string;
  readonly bytes: number;
  readonly url: string;
}

/** A finished bundle of the same evidence is as good as a new one for so long; what expired since is not in that one. */
const AS_GOOD_MS = 3_600_000;

const PAGE = 100;

/** Between looks: an eighth of the time so far, so that whoever waits waits little longer than it takes; within bounds. */
const SHORTEST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;
const SHARE = 1 / 8;

/** Bundles of one deployment. */
export class BundleJobs {
  readonly #client: ApiClient;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /**
   * Id of a bundle of the days under the log's checkpoint of that size: one that was begun before and is as good as a new one, such as
   * by a command that was interrupted, or else a new one. Undefined where the deployment makes none by itself.
   */
  async begin(period: Period, logSize: number): Promise<string | undefined> {
    const listed = await this.#listed();
    if (listed === undefined) return undefined;
    const known = listed.find((one) => isAsGood(one, period, logSize));
    if (known !== undefined) {
      remark(`Going on with the bundle ${known.id}, which was begun at ${known.createdAt}\n`);
      return known.id;
    }
    const { id } = bundleIn(await this.#client.post(PATHS.bundles, { ...period }, randomUUID()));
    return id;
  }

  /** Waits for the end, and shows how far it is. Throws a CommandError where it ends without a bundle. */
  async finished(id: string): Promise<MadeBundle> {
    const progress = bar('exporting', 'positions', process.stderr);
    const begun = performance.now();
    try {
      for (;;) {
        const { status, reason, positions, done, bytes, url } = await this.look(id);
        if (status === 'succeeded' && url !== undefined && bytes !== null) return { id, bytes, url };
        if (status === 'failed' || status === 'cancelled') {
          throw new CommandError(
            EXIT.refused,
            `the bundle ${id} ${endOf(status)}${reason === null ? '' : `: ${reason}`}`,
          );
        }
        progress.update(done ?? 0, positions ?? 0);
        const share = SHARE * (performance.now() - begun);
        await sleep(Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, share)));
      }
    } finally {
      progress.stop();
    }
  }

  async look(id: string): Promise<Bundle> {
    return bundleIn(await this.#client.demand(PATHS.bundle.replace('{id}', encodeURIComponent(id))));
  }

  async #listed(): Promise<Bundle[] | undefined> {
    const all: Bundle[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const query = new URLSearchParams({ limit: String(PAGE), ...(after === '' ? {} : { after }) });
      const answer = await this.#client.get(`${PATHS.bundles}?${query}`);
      if (answer === undefined) return undefined;
      const page = objectIn(answer.bytes) as { readonly bundles?: unknown; readonly next?: unknown };
      if (!Array.isArray(page.bundles)) throw malformed('a list of bundles has none');
      all.push(...page.bundles.map(asBundle));
      after = typeof page.next === 'string' && page.bundles.length > 0 ? page.next : null;
    }
    return all;
  }
}

function isAsGood(bundle: Bundle, { from, to }: Period, logSize: number): boolean {
  const isSame = bundle.from === (from ?? null) && bundle.to === (to ?? null) && bundle.logSize === logSize;
  const isUnderWay = bundle.status === 'queued' || bundle.status === 'running';
  const isFresh = bundle.status === 'succeeded' && Date.now() - Date.parse(bundle.createdAt) < AS_GOOD_MS;
  return isSame && (isUnderWay || isFresh);
}

const endOf = (status: 'failed' | 'cancelled'): string =>
  status === 'failed' ? 'could not be made' : 'was cancelled by somebody; ask for it again';

const bundleIn = (bytes: Uint8Array): Bundle => asBundle(objectIn(bytes));

function asBundle(value: unknown): Bundle {
  const { id, status, createdAt } = (value ?? {}) as Partial<Bundle>;
  if (typeof id === 'string' && typeof status === 'string' && typeof createdAt === 'string') return value as Bundle;
  throw malformed('a bundle lacks its members');
}

function objectIn(bytes: Uint8Array): object {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as object;
  } catch (cause) {
    throw malformed('it is no JSON', cause);
  }
}

function malformed(what: string, cause?: unknown): CommandError {
  return new CommandError(EXIT.unreachable, `the API's answer makes no sense: ${what}`, { cause });
}
