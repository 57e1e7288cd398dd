// A deployment in memory that counts its requests.
import type { BlockReader } from '../services/append/port.ts';
import type { HoldableStore } from '../services/object-lock/port.ts';
import type { SealPorts } from '../services/seal/port.ts';
import { Deployment, type DeploymentOptions } from '../test/support/sealing.ts';
import { type Kind, requestsOf, type Use } from './prices.ts';

/** What each operation of the store costs in the S3 adapter, which sends one request for each; listings by the page. */
const REQUESTS: Partial<Record<keyof HoldableStore, Kind>> = {
  ...{ create: 'PUT', replace: 'PUT', extendLock: 'PUT', setHold: 'PUT' },
  ...{ current: 'HEAD', find: 'HEAD', fetch: 'GET', read: 'GET', held: 'GET' },
  versions: 'LIST',
};
const LISTINGS: readonly (string | symbol)[] = ['list', 'folders'] satisfies (keyof HoldableStore)[];

/** What S3 answers at once. */
const LIST_PAGE = 1_000;

const READ_UNIT_BYTES = 4_096;
/** Of a block's item, beside its payload: names, two links, numbers. */
const BLOCK_OVERHEAD_BYTES = 150;
/** Of a row of the table of chains. */
const ROW_BYTES = 200;

/** Requests to S3 by kind and folder, and what was read of DynamoDB. */
export class Meter {
  readonly #requests = new Map<string, number>();
  queries = 0;
  readUnits = 0;

  request(kind: Kind, key: string, count = 1): void {
    const place = `${kind} ${key.split('/')[0]}`;
    this.#requests.set(place, (this.#requests.get(place) ?? 0) + count);
  }

  read(bytes: number): void {
    this.queries++;
    this.readUnits += Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES));
  }

  /** Of one folder, or of all. */
  count(kind: Kind, folder?: string): number {
    if (folder !== undefined) return this.#requests.get(`${kind} ${folder}`) ?? 0;
    return [...this.#requests].reduce((sum, [place, count]) => sum + (place.startsWith(`${kind} `) ? count : 0), 0);
  }
}

/** A deployment in memory that is charged for. */
export class MeteredDeployment extends Deployment {
  declare readonly ports: SealPorts;
  readonly bucket: HoldableStore;
  meter = new Meter();

  constructor(options: DeploymentOptions = {}) {
    super(options);
    const { blocks, directory } = this.ports;
    this.bucket = meteredStore(this.store, () => this.meter);
    this.ports = {
      ...this.ports,
      store: this.bucket,
      blocks: meteredBlocks(blocks, () => this.meter),
      directory: meteredDirectory(directory, () => this.meter),
    };
  }

  /** Counts what `act` causes, apart from all else. */
  async metered(act: () => Promise<unknown>): Promise<Cost> {
    const meter = new Meter();
    this.meter = meter;
    const before = process.cpuUsage();
    await act();
    const { user, system } = process.cpuUsage(before);
    return { meter, cpuMs: (user + system) / 1_000 };
  }
}

export interface Cost {
  readonly meter: Meter;
  /** Of all threads of this process: what other processes take does not count. */
  readonly cpuMs: number;
}

export function useOf({ meter, cpuMs }: Cost): Use {
  const { queries, readUnits } = meter;
  return { requests: requestsOf((kind) => meter.count(kind)), queries, readUnits, cpuMs };
}

export function meteredStore(store: HoldableStore, meter: () => Meter): HoldableStore {
  return new Proxy(store, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function') return member;
      return (key: string, ...rest: unknown[]) => {
        const kind = REQUESTS[name as keyof HoldableStore];
        if (kind !== undefined) meter().request(kind, key);
        const answer = member.call(target, key, ...rest);
        return LISTINGS.includes(name) ? paged(answer, key, meter()) : answer;
      };
    },
  });
}

/** The first page is asked for whatever it holds, each other one when it is come to. */
async function* paged<T>(listing: AsyncIterable<T>, key: string, meter: Meter): AsyncGenerator<T> {
  meter.request('LIST', key);
  let listed = 0;
  for await (const one of listing) {
    if (listed > 0 && listed % LIST_PAGE === 0) meter.request('LIST', key);
    listed++;
    yield one;
  }
}

function meteredBlocks(blocks: BlockReader, meter: () => Meter): BlockReader {
  return {
    async blockBefore(chain, position) {
      const block = await blocks.blockBefore(chain, position);
      meter().read(block === undefined ? 0 : block.payload.length + BLOCK_OVERHEAD_BYTES);
      return block;
    },
  };
}

function meteredDirectory(directory: SealPorts['directory'], meter: () => Meter): SealPorts['directory'] {
  return {
    read(chain) {
      meter().read(ROW_BYTES);
      return directory.read(chain);
    },
    async *list() {
      let bytes = 0;
      for await (const row of directory.list()) {
        bytes += ROW_BYTES;
        yield row;
      }
      meter().read(bytes);
    },
  };
}
