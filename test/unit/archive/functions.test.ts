// The functions of archive and relay.
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { Block } from '../../../core/block/block.ts';
import { archiveStream } from '../../../functions/stream/archive/archive.ts';
import { relayStream } from '../../../functions/stream/relay/relay.ts';
import { InjectedFault } from '../../fakes/locked-store.ts';
import { MemoryTopic } from '../../fakes/topic.ts';
import { expectArchivedOnce } from '../../support/archived.ts';
import { Archiving, CHAIN, MARCH_2, some } from '../../support/archiving.ts';
import { Trail } from '../../support/trail.ts';

let lines: Record<string, unknown>[] = [];
let trail: Trail;
const write = process.stdout.write;

beforeEach(() => {
  lines = [];
  trail = new Trail(() => MARCH_2 + 300_000);
  process.stdout.write = ((line: string) => lines.push(JSON.parse(line)) > 0) as typeof process.stdout.write;
});
afterEach(() => {
  process.stdout.write = write;
});

/** The values of one metric, as CloudWatch would read them from standard output. */
const metric = (name: string) => lines.flatMap((line) => (name in line && '_aws' in line ? [line[name]] : []));

function streamEvent(blocks: readonly Block[], eventName: 'INSERT' | 'MODIFY' = 'INSERT'): DynamoDBStreamEvent {
  const text = (bytes: Uint8Array) => ({ B: Buffer.from(bytes).toString('base64') });
  const Records = blocks.map(({ payload, previousLink, link, requests: _none, ...rest }, i) => ({
    ...{ eventID: `event-${i}`, eventName, eventSource: 'aws:dynamodb' },
    dynamodb: {
      ...{ SequenceNumber: String(100 + i), ApproximateCreationDateTime: rest.recordedAt / 1000 },
      Keys: { chain: { S: rest.chain }, position: { N: String(rest.position) } },
      NewImage: { ...marshall(rest), entries: text(payload), previousLink: text(previousLink), link: text(link) },
    },
  }));
  return { Records } as DynamoDBStreamEvent;
}

describe('the archive function', () => {
  test('archives a delivery and measures it', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 3), some('debug', 2)]);
    expect(await archiveStream(archiving.ports, trail.recording)(streamEvent(blocks))).toEqual({
      batchItemFailures: [],
    });
    await expectArchivedOnce(archiving.store, blocks);
    expect([metric('SegmentsWritten'), metric('EntriesArchived')]).toEqual([[2], [5]]);
    expect(metric('ArchiveLag')).toEqual([86_400_000 + 300_000 - 1]);
    expect(metric('TamperingDetected')).toEqual([]);
  });

  test('answers with the first change that is not settled, and logs why without what it held', async () => {
    const archiving = new Archiving({ fault: () => 'lost' });
    const blocks = archiving.ledger([some('payment', 3), some('debug', 2)]);
    const answer = await archiveStream(archiving.ports, trail.recording)(streamEvent(blocks));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '100' }] });
    expect(lines).toEqual([expect.objectContaining({ level: 'ERROR', chain: CHAIN, message: 'chain not archived' })]);
    expect(JSON.stringify(lines)).not.toContain('Invoice');
  });

  test('raises the alarm for tampering, and goes on', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 3)]);
    const answer = await archiveStream(archiving.ports, trail.recording)(streamEvent(blocks, 'MODIFY'));
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(metric('TamperingDetected')).toEqual([1]);
    const [finding] = archiving.evidence();
    expect(finding!.document).toEqual({ v: 1, kind: 'modify', record: streamEvent(blocks, 'MODIFY').Records[0] });
    expect(lines).toContainEqual(expect.objectContaining({ message: 'tampering detected', evidence: finding!.key }));
  });

  test('records what was changed in the trail of its tenant, once however often it is delivered', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 3), some('debug', 2)]);
    const deliver = () => archiveStream(archiving.ports, trail.recording)(streamEvent(blocks, 'MODIFY'));
    await deliver();
    await deliver();
    const entries = trail.entries('acme');
    expect(entries.map(({ action, category, severity }) => [action, category, severity])).toEqual(
      blocks.map(() => ['audit.tampering_detected', 'security_incident', 'critical']),
    );
    expect(entries[1].target).toEqual({ type: 'audit-trail', id: CHAIN });
    expect(entries[1].metadata).toEqual({
      ...{ source: 'archive', code: 'modify', tenant: 'acme', chain: 0, first: 3, last: 4 },
      ...{ expected: 'a block that stays as it was written', found: 'modify (modify)' },
      evidence: archiving.evidence()[1]!.key,
    });
    expect(JSON.stringify(entries)).not.toContain('Invoice');
  });

  test.each(['lost', 'persisted'] as const)(
    'has a delivery repeated whose tampering could not be recorded (%s), and records it once',
    async (fault) => {
      const archiving = new Archiving();
      const blocks = archiving.ledger([some('payment', 3)]);
      const deliver = () => archiveStream(archiving.ports, trail.recording)(streamEvent(blocks, 'MODIFY'));
      trail.fault = () => fault;
      await expect(deliver()).rejects.toThrow(InjectedFault);
      expect(archiving.evidence()).toHaveLength(1);
      trail.fault = undefined;
      expect(await deliver()).toEqual({ batchItemFailures: [] });
      expect(trail.entries('acme')).toHaveLength(1);
    },
  );

  test('keeps the evidence of a change under the name of no chain, which is nobody’s to be told', async () => {
    const archiving = new Archiving();
    const [block] = archiving.ledger([some('payment', 3)]);
    const event = streamEvent([{ ...block!, chain: 'no chain' }], 'MODIFY');
    expect(await archiveStream(archiving.ports, trail.recording)(event)).toEqual({ batchItemFailures: [] });
    expect(archiving.evidence()).toHaveLength(1);
    expect(metric('TamperingDetected')).toEqual([1]);
  });

  test('tells a gap from tampering', async () => {
    const archiving = new Archiving();
    const blocks = archiving.ledger([some('payment', 3), some('debug', 2)]);
    archiving.blocks.remove(CHAIN, 0);
    const answer = await archiveStream(archiving.ports, trail.recording)(streamEvent([blocks[1]!]));
    expect(answer).toEqual({ batchItemFailures: [] });
    expect([metric('ArchiveGap'), metric('TamperingDetected')]).toEqual([[1], []]);
    expect(trail.entries('acme')).toEqual([]);
    expect(lines).toContainEqual(expect.objectContaining({ message: 'positions are missing', from: 0, to: 3 }));
  });
});

describe('the relay function', () => {
  test('answers with the first change whose notice was not taken', async () => {
    const topic = new MemoryTopic({ refuses: ({ position }) => position === 3 });
    const blocks = new Archiving().ledger([some('payment', 3), some('debug', 2)]);
    expect(await relayStream(topic)(streamEvent(blocks))).toEqual({ batchItemFailures: [{ itemIdentifier: '101' }] });
    expect(metric('EntriesRelayed')).toEqual([3]);
    expect(await relayStream(new MemoryTopic())(streamEvent(blocks))).toEqual({ batchItemFailures: [] });
  });
});
