// The functions of index and reindex.
import { describe, expect, test } from '@jest/globals';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { reindexed } from '../../../cli/reindex.ts';
import { indexedFacets, indexTable } from '../../../functions/shared/index.ts';
import { reindexStep } from '../../../functions/steps/reindex/reindex.ts';
import { indexQueue } from '../../../functions/stream/index/index.ts';
import type { Reindexed, ReindexPlan } from '../../../services/index/steps.ts';
import { MemoryIndex } from '../../fakes/memory-index.ts';
import { MemoryWalk } from '../../fakes/memory-walk.ts';
import { FOREVER, GrowingChain, indexPorts, look, wakeOf } from '../../support/indexing.ts';

const START = Date.parse('2026-02-27T22:00:00Z');
const EVER = { from: 0, to: Number.MAX_SAFE_INTEGER };

function world() {
  const [index, ledger] = [new MemoryIndex(), new MemoryWalk()];
  const chains = ['acme#0', 'acme#9', 'globex#0'].map((name) => new GrowingChain(name));
  for (const chain of chains) {
    for (let i = 0; i < 3; i++) ledger.put(chain.append([{ actor: 'u1', targets: [], recordedAt: START + i }]));
  }
  const directory = {
    async *list() {
      yield { chain: 'no chain', through: 0 };
      yield* chains.map(({ name }) => ({ chain: name, through: 0 }));
    },
  };
  const ports = { ...indexPorts(index, ledger, () => new Date(START + 5)), directory, sliceEntries: 1 };
  return { index, ledger, chains, ports };
}

const event = (...bodies: string[]): SQSEvent => ({
  Records: bodies.map((body, i) => ({ messageId: `message-${i}`, body }) as SQSRecord),
});

describe('the consumer of the queue', () => {
  test('indexes the chains of notices, and gives back what is none', async () => {
    const { index, chains, ports } = world();
    const { notice } = wakeOf(chains[0]!.blocks[1]!);
    const bad = [
      ...['', 'null', '{}', '[]', '{"v":2}', '"text"'],
      ...[
        { tenant: '../acme' },
        { tenant: 5 },
        { chain: 64 },
        { chain: -1 },
        { position: 1.5 },
        { count: '1' },
        { v: 2 },
      ].map((changed) => JSON.stringify({ ...notice, ...changed })),
    ];
    const answer = await indexQueue(ports)(event(JSON.stringify(notice), ...bad), FOREVER);
    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(
      bad.map((_, i) => `message-${i + 1}`),
    );
    expect(await look(index, 'acme', 'actor', 'u1', EVER, 'asc')).toEqual(['0/0', '0/1', '0/2']);
  });
});

describe('building the index anew', () => {
  async function run(
    tenant: string | undefined,
    timeLeft: () => number,
  ): Promise<{ index: MemoryIndex; ends: Reindexed[] }> {
    const { index, ports } = world();
    const step = reindexStep(ports);
    const request = tenant === undefined ? {} : { tenant };
    const plan = (await step({ step: 'plan', request }, timeLeft)) as ReindexPlan;
    const ends: Reindexed[] = [];
    for (const shard of plan.shards) {
      let answer = (await step({ step: 'shard', ...plan, shard, cursor: null }, timeLeft)) as Reindexed;
      while (!answer.done) {
        answer = (await step({ step: 'shard', ...plan, shard, cursor: answer.cursor }, timeLeft)) as Reindexed;
      }
      ends.push(answer);
    }
    return { index, ends };
  }

  test('goes along every chain, whatever is in the table of chains', async () => {
    const { index, ends } = await run(undefined, FOREVER);
    expect(reindexed(ends)).toBe('indexed 9 entries of 3 chains');
    expect(await look(index, 'acme', 'actor', 'u1', EVER, 'desc')).toEqual(['9/2', '0/2', '9/1', '0/1', '9/0', '0/0']);
    expect(await index.indexed('globex')).toMatchObject([{ chain: 0, through: 3 }]);
  });

  test('in runs as short as they have to be', async () => {
    let asked = 0;
    const { index, ends } = await run(undefined, () => (asked++ % 2 === 0 ? 600_000 : 1_000));
    expect(reindexed(ends)).toBe('indexed 9 entries of 3 chains');
    expect((await look(index, 'acme', 'time', '', EVER, 'asc')).length).toBe(6);
  });

  test('of one tenant, if it is one', async () => {
    const { index, ends } = await run('acme', FOREVER);
    expect(reindexed(ends)).toBe('indexed 6 entries of 2 chains');
    expect(await index.indexed('globex')).toEqual([]);
    await expect(run('../acme', FOREVER)).rejects.toMatchObject({ code: 'input' });
  });

  test('never takes back how far a chain is indexed', async () => {
    const { index, ports } = world();
    await index.advance('acme#0', { through: 50, link: undefined, recordedAt: START }, 0);
    const step = reindexStep(ports);
    await step({ step: 'shard', tenant: 'acme', shards: [0], shard: 0, cursor: null }, FOREVER);
    expect(await index.progress('acme#0')).toMatchObject({ through: 50, version: 1 });
  });
});

describe('the environment', () => {
  const environment = { INDEX_TABLE: 'rows', INDEX_FACETS: '["actor","ip"]' };

  test('names the facets and the index that they make', () => {
    expect(indexedFacets(environment)).toEqual(['actor', 'ip']);
    const { indexTable: table, configuration } = indexTable(environment);
    expect([table, configuration]).toEqual(['rows', expect.stringMatching(/^[\w-]{8}$/)]);
    expect(indexTable({ ...environment, INDEX_FACETS: '["ip"]' }).configuration).not.toBe(configuration);
  });

  test.each(['', 'actor', '{}', '["colour"]', '[5]', '["toString"]'])('%j is no list of facets', (text) => {
    expect(() => indexedFacets({ ...environment, INDEX_FACETS: text })).toThrow('INDEX_FACETS');
  });
});
