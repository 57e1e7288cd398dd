// Reads from a cancelled transaction what stood in the way.
import { ConditionalCheckFailedException, type TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { BlockError } from '../../core/block/error.ts';
import type { Commit, CommitOutcome } from '../../services/append/port.ts';
import { storeFailure } from './failure.ts';
import { type Item, itemToBlock, itemToRequest } from './item.ts';

const CONDITION = 'ConditionalCheckFailed';
const NONE = 'None';

interface Reason {
  readonly Code?: string | undefined;
  readonly Item?: Item | undefined;
}

/**
 * What a refused write says: which items stand in the way. Reasons come in the order of the transaction's actions, the
 * blocks first. Throws what the reasons mean when no condition failed.
 */
export function refusal(
  { blocks, requests }: Commit,
  error: ConditionalCheckFailedException | TransactionCanceledException,
): CommitOutcome {
  const reasons = reasonsOf(error);
  const failed = reasons.some(({ Code }) => Code === CONDITION);
  if (!failed) throw storeFailure(error, worst(reasons));
  const ofBlocks = inTheWay(blocks, reasons, itemToBlock);
  const ofRequests = inTheWay(requests, reasons.slice(blocks.length), itemToRequest);
  const damaged = {
    blocks: ofBlocks.damaged.map(({ position }) => position),
    requests: ofRequests.damaged.map(({ request }) => request),
  };
  const isDamaged = damaged.blocks.length + damaged.requests.length > 0;
  const outcome: CommitOutcome = {
    ...{ kind: 'refused', blocks: ofBlocks.found, requests: ofRequests.found },
    ...(isDamaged ? { damaged } : {}),
  };
  // A condition failed but the item isn't told: nothing to decide from, so ask again.
  if (!isDamaged && outcome.blocks.length + outcome.requests.length === 0)
    throw storeFailure(error, 'TransactionConflict');
  return outcome;
}

/** The items that stand where ours were to go, and those of ours in whose place something stands that is none. */
function inTheWay<Ours, Found>(ours: readonly Ours[], reasons: readonly Reason[], read: (item: Item) => Found) {
  const found: Found[] = [];
  const damaged: Ours[] = [];
  for (const [i, one] of ours.entries()) {
    const reason = reasons[i];
    if (reason?.Code !== CONDITION || reason.Item === undefined) continue;
    try {
      found.push(read(reason.Item));
    } catch (error) {
      if (!(error instanceof BlockError)) throw error;
      damaged.push(one);
    }
  }
  return { found, damaged };
}

function reasonsOf(error: ConditionalCheckFailedException | TransactionCanceledException): readonly Reason[] {
  if (error instanceof ConditionalCheckFailedException) return [{ Code: CONDITION, Item: error.Item }];
  return error.CancellationReasons ?? [];
}

/** The reason that decides: one that time doesn't heal (a size, a type) before those that it does. */
function worst(reasons: readonly Reason[]): string {
  const codes = reasons.flatMap(({ Code }) => (Code === undefined || Code === NONE ? [] : [Code]));
  const healing = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);
  return (
    codes.find((code) => !healing.has(code)) ??
    codes.find((code) => code !== 'TransactionConflict') ??
    'TransactionConflict'
  );
}
