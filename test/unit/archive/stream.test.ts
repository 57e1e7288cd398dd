// Records of the ledger's stream.
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { StreamRecordError, toLedgerChange } from '../../../adapters/dynamodb/stream.ts';
import { toHex } from '../../../core/crypto.ts';
import { CHAIN, some } from '../../support/archiving.ts';
import { chainOf } from '../../support/ledger-stream.ts';

const [block] = chainOf(CHAIN, [some('payment', 2)]);

/** A Lambda event's spelling of an item: binary as base64 text. */
function image() {
  const { payload, previousLink, link, requests, ...rest } = block!;
  const binary = { entries: payload, previousLink, link };
  return {
    ...marshall(rest),
    ...Object.fromEntries(
      Object.entries(binary).map(([name, bytes]) => [name, { B: Buffer.from(bytes).toString('base64') }]),
    ),
  };
}

const TTL = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };
const record = (eventName: string, more: object = {}, dynamodb: object = {}) => ({
  ...{ eventID: 'e1', eventName, ...more },
  dynamodb: {
    ...{ SequenceNumber: '0042', ApproximateCreationDateTime: 1_772_359_200 },
    ...{ Keys: { chain: { S: CHAIN }, position: { N: '0' } }, ...dynamodb },
  },
});

describe('a stream record', () => {
  test('of an insert brings its block', () => {
    const change = toLedgerChange(record('INSERT', {}, { NewImage: image() }));
    expect(change).toMatchObject({ kind: 'insert', chain: CHAIN, sequenceNumber: '0042', eventId: 'e1' });
    expect(change.at).toEqual(new Date('2026-03-01T10:00:00Z'));
    expect(change.block).toMatchObject({ position: 0, count: 2, chain: CHAIN });
    expect(toHex(change.block!.payload)).toBe(toHex(block!.payload));
  });

  test('of an insert that has not the shape of a block brings none', () => {
    const { link, ...partial } = image() as Record<string, object>;
    expect(link).toBeDefined();
    expect(toLedgerChange(record('INSERT', {}, { NewImage: partial })).block).toBeUndefined();
    expect(toLedgerChange(record('INSERT')).block).toBeUndefined();
  });

  test.each<[string, object, string]>([
    ['MODIFY', {}, 'modify'],
    ['REMOVE', {}, 'remove'],
    ['REMOVE', { userIdentity: TTL }, 'expire'],
    ['REMOVE', { userIdentity: { ...TTL, type: 'AssumedRole' } }, 'remove'],
    ['REMOVE', { userIdentity: { ...TTL, principalId: 'someone' } }, 'remove'],
    ['MODIFY', { userIdentity: TTL }, 'modify'],
  ])('%s by %j is %s', (eventName, more, kind) => {
    expect(toLedgerChange(record(eventName, more)).kind).toBe(kind);
  });

  test('is kept whole as evidence', () => {
    const whole = record('MODIFY', { eventSource: 'aws:dynamodb' }, { NewImage: image(), OldImage: image() });
    expect(JSON.parse(JSON.stringify(toLedgerChange(whole).record))).toEqual(whole);
  });

  test.each([record('UNKNOWN'), { ...record('INSERT'), eventID: undefined }, record('INSERT', {}, { Keys: {} })])(
    'that breaks the contract of the stream fails the delivery',
    (broken) => {
      expect(() => toLedgerChange(broken)).toThrow(StreamRecordError);
    },
  );
});
