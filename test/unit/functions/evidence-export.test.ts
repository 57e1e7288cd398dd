// All bodies of a chain: what is read for them, and where pages end.
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Deployment } from '../../support/sealing.ts';
import { entriesOf, type Served, Serving } from '../../support/serving.ts';
import { bodiesOf, text } from './bodies.ts';

/** What an export of everything asks the store for, by operation and by kind of object. */
async function askedFor(deployment: Deployment, headers: Readonly<Record<string, string>>) {
  const { store } = deployment;
  const asked = new Map<string, string[]>();
  const told = <Rest extends unknown[], Result>(name: string, ask: (key: string, ...rest: Rest) => Result) => {
    return (key: string, ...rest: Rest): Result => {
      const place = `${name} ${key.split('/')[0]}`;
      asked.set(place, [...(asked.get(place) ?? []), key]);
      return ask(key, ...rest);
    };
  };
  const serving = new Serving(deployment, {
    store: {
      current: told('current', (key) => store.current(key)),
      versions: told('versions', (key) => store.versions(key)),
      find: told('find', (key, version: string) => store.find(key, version)),
      fetch: told('fetch', (key, version: string) => store.fetch(key, version)),
    },
  });
  const lines: string[] = [];
  const pages: number[] = [];
  for (let from: number | undefined = 0; from !== undefined; ) {
    const answer: Served = await serving.get('bodies', { path: { chain: 0 }, query: { from }, headers });
    lines.push(...bodiesOf(answer).values());
    pages.push(from);
    from = answer.headers['x-next'] === undefined ? undefined : Number(answer.headers['x-next']);
  }
  return { asked, lines, pages };
}

/** Entries of five categories in turn, in windows of 2,000: of each window every position is a run by itself. */
async function alternating(windows: number, bytes = 0): Promise<Deployment> {
  const deployment = new Deployment({ archiveLimits: { windowEntries: 2_000 } });
  const categories = ['payment', 'security', 'authentication', 'document', 'session'];
  const members = bytes === 0 ? {} : { description: 'x'.repeat(bytes) };
  for (let window = 0; window < windows; window++) {
    const blocks = Array.from({ length: 4 }, () =>
      Array.from({ length: 500 }, (_, i) => ({ ...deployment.some(categories[i % 5]!)[0]!, members })),
    );
    await deployment.record('acme#0', ...blocks);
  }
  await deployment.seal();
  return deployment;
}

describe('an export of everything', () => {
  test('fetches each segment and each list once, and asks for no segment at every run', async () => {
    const deployment = await alternating(4);
    const segments = deployment.store.keys('entries/').length;
    const { asked, lines, pages } = await askedFor(deployment, {});
    expect(lines).toEqual(entriesOf(deployment, 'acme#0').map(text));
    expect(asked.get('fetch entries')!.length).toBe(segments);
    expect(asked.get('fetch lists')).toHaveLength(1);
    // Only what an earlier answer left in memory: that it has not expired since.
    expect(asked.get('find entries')?.length ?? 0).toBeLessThanOrEqual(5 * pages.length);
  });

  test('asks for twice as much of twice as many entries', async () => {
    const count = async (windows: number) => {
      const { asked } = await askedFor(await alternating(windows), { 'accept-encoding': 'gzip' });
      return [...asked.values()].reduce((sum, { length }) => sum + length, 0);
    };
    const [few, many] = [await count(2), await count(4)];
    expect(many).toBeLessThan(2.2 * few);
  });

  test('has pages that end where segments end, as far as these are half full', async () => {
    const deployment = await alternating(6, 700);
    const { lines, pages } = await askedFor(deployment, {});
    expect(lines).toHaveLength(12_000);
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.map((page) => page % 2_000)).toEqual(pages.map(() => 0));
  });
});

describe('for clients that take gzip', () => {
  test('a page holds four times as much', async () => {
    const deployment = await alternating(6, 700);
    const { lines, pages } = await askedFor(deployment, { 'accept-encoding': 'gzip' });
    expect([lines.length, pages]).toEqual([12_000, [0]]);
  });

  test('what does not shrink is cut to what fits, and nothing of it is lost', async () => {
    const deployment = new Deployment();
    const random = () => randomBytes(1_500).toString('base64').slice(0, 1_990);
    for (let i = 0; i < 30; i++) {
      const block = deployment.some('payment', 200).map((one) => ({ ...one, members: { description: random() } }));
      await deployment.record('acme#0', block);
    }
    await deployment.seal();
    const serving = new Serving(deployment);
    const answer = await serving.get('bodies', { path: { chain: 0 }, headers: { 'accept-encoding': 'gzip' } });
    expect(answer.bytes.length).toBeLessThan(10_000_000);
    expect(bodiesOf(answer).size).toBe(Number(answer.headers['x-next']));
    const { lines } = await askedFor(deployment, { 'accept-encoding': 'gzip' });
    expect(lines).toEqual(entriesOf(deployment, 'acme#0').map(text));
  });
});
