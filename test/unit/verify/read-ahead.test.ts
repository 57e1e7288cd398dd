/** How much reading ahead has in memory at most, and that order and faults stay as they are. */
import { describe, expect, test } from '@jest/globals';
import { DocumentsAhead } from '../../../services/verify/documents-ahead.ts';
import { readAhead } from '../../../services/verify/read-ahead.ts';
import { tilesAhead } from '../../../services/verify/tiles-ahead.ts';
import { Deployment } from '../../support/sealing.ts';
import { Verifying } from '../../support/verifying.ts';

const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

async function* from<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield item;
}

/** What is being read or was not handed on yet: how much at most. */
class Outstanding {
  bytes = 0;
  requests = 0;
  mostBytes = 0;
  mostRequests = 0;

  begin(bytes: number): void {
    this.requests++;
    this.bytes += bytes;
    this.mostBytes = Math.max(this.mostBytes, this.bytes);
    this.mostRequests = Math.max(this.mostRequests, this.requests);
  }

  end(bytes: number): void {
    this.requests--;
    this.bytes -= bytes;
  }
}

describe('reading ahead', () => {
  test.each([
    { sizes: Array.from({ length: 200 }, () => 10), bound: { requests: 8, bytes: 1_000_000 }, requests: 8, bytes: 80 },
    { sizes: Array.from({ length: 200 }, () => 400), bound: { requests: 64, bytes: 1_000 }, requests: 3, bytes: 1_200 },
    { sizes: [5_000, 10, 10, 5_000], bound: { requests: 64, bytes: 1_000 }, requests: 3, bytes: 5_020 },
  ])('keeps to its bound of $bound, one thing over it at most', async ({ sizes, bound, requests, bytes }) => {
    const outstanding = new Outstanding();
    const reading = readAhead(from(sizes.map((size, i) => ({ size, i }))), {
      bound,
      bytesOf: ({ size }) => size,
      read: async ({ size, i }) => {
        outstanding.begin(size);
        for (let turn = 0; turn < (i * 7) % 5; turn++) await pause();
        return i;
      },
    });
    const order: number[] = [];
    for await (const { item, value } of reading) {
      order.push(value);
      await pause();
      outstanding.end(item.size);
    }
    expect(order).toEqual(sizes.map((_, i) => i));
    expect(outstanding.mostRequests).toBe(requests);
    expect(outstanding.mostBytes).toBe(bytes);
  });

  test('throws what a read throws at its turn, and what the items throw behind the last of them', async () => {
    const bound = { requests: 4, bytes: 100 };
    const read = async (i: number) => {
      if (i === 2) throw new Error('two');
      return i;
    };
    const seen: number[] = [];
    const taking = async (items: AsyncIterable<number>) => {
      for await (const { value } of readAhead(items, { bound, bytesOf: () => 1, read })) seen.push(value);
    };
    await expect(taking(from([0, 1, 2, 3]))).rejects.toThrow('two');
    expect(seen).toEqual([0, 1]);
    async function* failing(): AsyncGenerator<number> {
      yield 5;
      throw new Error('no more');
    }
    await expect(taking(failing())).rejects.toThrow('no more');
    expect(seen).toEqual([0, 1, 5]);
  });

  test('lets go of its items when the reader stops', async () => {
    let closed = false;
    async function* endless(): AsyncGenerator<number> {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        closed = true;
      }
    }
    const bound = { requests: 4, bytes: 100 };
    for await (const { value } of readAhead(endless(), { bound, bytesOf: () => 1, read: async (i) => i })) {
      if (value === 3) break;
    }
    expect(closed).toBe(true);
  });
});

describe('a verification', () => {
  /** The store as it is, counting what of each folder was fetched and not come back to. */
  async function fetching(deployment: Deployment, folder: string) {
    const outstanding = new Outstanding();
    let total = 0;
    const store = new Proxy(deployment.store, {
      get(target, name) {
        const member = Reflect.get(target, name) as unknown;
        if (typeof member !== 'function') return member;
        if (name !== 'fetch') return member.bind(target);
        return async (key: string, version: string) => {
          const counts = key.startsWith(folder);
          if (counts) outstanding.begin(deployment.store.object(key).bytes.length);
          total += counts ? 1 : 0;
          await pause();
          const bytes = await target.fetch(key, version);
          if (counts) outstanding.end(bytes?.length ?? 0);
          return bytes;
        };
      },
    });
    const { verdict } = await new Verifying(deployment, { store, shards: 1 }).run({ mode: 'full' });
    return { verdict, outstanding, total };
  }

  test('has 64 segments under way at most, however many there are', async () => {
    const deployment = new Deployment({ limits: { windowEntries: 5 } });
    await deployment.record('acme#0', ...Array.from({ length: 300 }, () => deployment.some('payment', 5)));
    await deployment.seal();
    deployment.pass(3_600_000);
    const { verdict, outstanding, total } = await fetching(deployment, 'entries/');
    expect(verdict).toBe('intact');
    expect(total).toBe(300);
    expect(outstanding.mostRequests).toBeGreaterThan(16);
    expect(outstanding.mostRequests).toBeLessThanOrEqual(64);
  });

  test('reads each digest, its contents and its lists once', async () => {
    const deployment = new Deployment();
    for (let day = 0; day < 20; day++) {
      await deployment.record('acme#0', deployment.some('payment', 1));
      await deployment.seal();
      deployment.pass(86_400_000);
    }
    deployment.pass(-20 * 3_600_000);
    for (const folder of ['contents/tenant=acme/', 'lists/tenant=acme/', 'entries/']) {
      const { verdict, total } = await fetching(deployment, folder);
      expect([folder, verdict, total]).toEqual([folder, 'intact', 20]);
      deployment.pass(1);
    }
  });
});

test('documents that do not fit the memory are read again, and never kept beyond it', async () => {
  let reads = 0;
  const fetch = async () => {
    reads++;
    return new Uint8Array(100);
  };
  const documents = new DocumentsAhead({ fetch }, 1_000);
  const ref = (i: number) => ({ key: `k${i}`, version: 'v', sha256: '', bytes: 100 });
  for (let i = 0; i < 10; i++) await documents.read(ref(i));
  for (let i = 0; i < 10; i++) await documents.read(ref(i));
  expect(reads).toBe(10);
  await documents.read(ref(10));
  await documents.read(ref(1));
  expect(reads).toBe(11);
  await documents.read(ref(0));
  expect(reads).toBe(12);
});

test('a document whose read failed is read again', async () => {
  let reads = 0;
  const fetch = async () => {
    if (reads++ === 0) throw new Error('busy');
    return new Uint8Array(1);
  };
  const documents = new DocumentsAhead({ fetch });
  const ref = { key: 'k', version: 'v', sha256: '', bytes: 1 };
  await expect(documents.read(ref)).rejects.toThrow('busy');
  expect(await documents.read(ref)).toHaveLength(1);
});

test.each([
  ['up', 1],
  ['down', -1],
])('tiles are read ahead %s a chain, a bounded number of them and each once', async (_, step) => {
  const outstanding = new Outstanding();
  const read: string[] = [];
  const reader = tilesAhead(
    {
      async read(path) {
        read.push(path);
        outstanding.begin(1);
        await pause();
        outstanding.end(1);
        return new Uint8Array(8_192);
      },
    },
    200 * 256 + 7,
  );
  const order = Array.from({ length: 200 }, (_none, i) => (step > 0 ? i : 199 - i));
  for (const index of order) await reader.read(`tile/0/${String(index).padStart(3, '0')}`);
  expect(new Set(read).size).toBe(200);
  expect(read).toHaveLength(200);
  expect(outstanding.mostRequests).toBeGreaterThan(8);
  expect(outstanding.mostRequests).toBeLessThanOrEqual(33);
});
