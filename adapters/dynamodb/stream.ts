// Records of the ledger's stream as changes.
import type { Block } from '../../core/block/block.ts';
import { BlockError } from '../../core/block/error.ts';
import { BLOCK } from '../../names/ledger.ts';
import type { LedgerChange } from '../../services/stream/change.ts';
import { type Item, itemToBlock } from './item.ts';

/** What of a Lambda stream record is looked at; binary attributes are base64 text there. */
export interface StreamRecord {
  readonly eventID?: string | undefined;
  readonly eventName?: string | undefined;
  readonly userIdentity?: { readonly type?: string; readonly principalId?: string } | undefined;
  readonly dynamodb?:
    | {
        readonly SequenceNumber?: string | undefined;
        /** Epoch seconds. */
        readonly ApproximateCreationDateTime?: number | undefined;
        readonly Keys?: Item | undefined;
        readonly NewImage?: Item | undefined;
        readonly OldImage?: Item | undefined;
      }
    | undefined;
}

/** The event source broke its contract: not a fault of what the ledger holds, so the delivery fails as a whole. */
export class StreamRecordError extends Error {
  override readonly name = 'StreamRecordError';
  readonly code = 'stream-record';
}

export function toLedgerChange(record: StreamRecord): LedgerChange {
  const { eventID: eventId, dynamodb } = record;
  const {
    SequenceNumber: sequenceNumber,
    ApproximateCreationDateTime: seconds,
    Keys,
    NewImage,
    OldImage,
  } = dynamodb ?? {};
  const chain = Keys?.[BLOCK.chain]?.S;
  if (eventId === undefined || sequenceNumber === undefined || seconds === undefined || chain === undefined) {
    throw new StreamRecordError('a record has no event id, sequence number, time or key');
  }
  const kind = kindOf(record);
  const block = kind === 'insert' ? shaped(NewImage) : undefined;
  const positions = positionsOf(Keys, [OldImage, NewImage]);
  const at = new Date(seconds * 1000);
  return { sequenceNumber, eventId, at, chain, kind, block, record, ...(positions && { positions }) };
}

/** What was there before says more than what somebody put in its place. */
function positionsOf(keys: Item | undefined, images: readonly (Item | undefined)[]): LedgerChange['positions'] {
  const first = Number(keys?.[BLOCK.position]?.N ?? Number.NaN);
  const counts = images.map((image) => Number(image?.[BLOCK.count]?.N ?? Number.NaN));
  const count = counts.find((one) => Number.isSafeInteger(one) && one > 0) ?? 1;
  return Number.isSafeInteger(first) && first >= 0 ? { first, last: first + count - 1 } : undefined;
}

/** TTL removes as the service itself; nobody else can act under that identity. */
function kindOf({ eventName, userIdentity }: StreamRecord): LedgerChange['kind'] {
  if (eventName === 'INSERT') return 'insert';
  if (eventName === 'MODIFY') return 'modify';
  if (eventName !== 'REMOVE') throw new StreamRecordError(`got a record named ${eventName}`);
  const ttl = userIdentity?.type === 'Service' && userIdentity.principalId === 'dynamodb.amazonaws.com';
  return ttl ? 'expire' : 'remove';
}

function shaped(image: Item | undefined): Block | undefined {
  try {
    return image && itemToBlock(image);
  } catch (error) {
    if (error instanceof BlockError) return undefined;
    throw error;
  }
}
