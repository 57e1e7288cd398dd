// Announcing new blocks.
import { describe, expect, test } from '@jest/globals';
import { toHex } from '../../../core/crypto.ts';
import { relay } from '../../../services/relay/relay.ts';
import { MemoryTopic } from '../../fakes/topic.ts';
import { CHAIN, some } from '../../support/archiving.ts';
import { chainOf, changeOf, insertOf } from '../../support/ledger-stream.ts';

const blocks = chainOf(
  CHAIN,
  Array.from({ length: 45 }, (_, i) => some('debug', 1 + (i % 3))),
);
const changes = blocks.map(insertOf);

describe('the relay', () => {
  test('tells of every inserted block: where it is, never what it holds', async () => {
    const topic = new MemoryTopic();
    const outcome = await relay(changes, topic);
    expect(outcome).toEqual({ blocks: 45, entries: 90, skipped: 0, failedFrom: undefined, error: undefined });
    const { position, count, recordedAt, link } = blocks[3]!;
    expect(topic.published.find((notice) => notice.position === position)).toEqual({
      ...{ v: 1, tenant: 'acme', chain: 0, position, count, recordedAt, link: toHex(link) },
    });
    expect(topic.published.map((notice) => notice.position).toSorted((a, b) => a - b)).toEqual(
      blocks.map((block) => block.position),
    );
    expect(Buffer.byteLength(JSON.stringify(topic.published[0]))).toBeLessThan(400);
  });

  test('says nothing of what TTL or anybody else removed or changed', async () => {
    const topic = new MemoryTopic();
    const kinds = ['expire', 'remove', 'modify'] as const;
    await relay(
      kinds.map((kind, i) => changeOf(kind, blocks[0]!, i)),
      topic,
    );
    expect(topic.published).toEqual([]);
  });

  test('skips what is no block', async () => {
    const topic = new MemoryTopic();
    const stray = { ...blocks[1]!, chain: 'not a chain' };
    const outcome = await relay([changeOf('insert', blocks[0]!, 1), insertOf(stray, 2), changes[2]!], topic);
    expect(outcome).toMatchObject({ blocks: 1, skipped: 2, failedFrom: undefined });
  });

  test('a refused notice is delivered again from its change on', async () => {
    const refused = blocks[17]!.position;
    const topic = new MemoryTopic({ refuses: ({ position }) => position === refused });
    const outcome = await relay(changes, topic);
    expect(outcome).toMatchObject({ blocks: 44, failedFrom: changes[17]!.sequenceNumber });
    expect(outcome.error).toMatchObject({ code: 'refused' });
  });

  test('a call that fails takes its ten notices with it, and no others', async () => {
    const away = blocks[25]!.position;
    const topic = new MemoryTopic({ fails: ({ position }) => position === away });
    const outcome = await relay(changes, topic);
    expect(outcome).toMatchObject({ blocks: 35, failedFrom: changes[20]!.sequenceNumber });
    expect(topic.published).toHaveLength(35);
  });
});
