import { ConditionalCheckFailedException, type TransactionCanceledException } from '@aws-sdk/client-dynamodb';
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
  const inTheWay = (reason: Reason) => (reason.Code === CONDITION && reason.Item ? [reason.Item] : []);
  const outcome: CommitOutcome = {
    kind: 'refused',
    blocks: reasons.slice(0, blocks.length).flatMap(inTheWay).map(itemToBlock),
    requests: reasons
      .slice(blocks.length, blocks.length + requests.length)
      .flatMap(inTheWay)
      .map(itemToRequest),
  };
  // A condition failed but the item isn't told: nothing to decide from, so ask again.
  if (outcome.blocks.length + outcome.requests.length === 0) throw storeFailure(error, 'TransactionConflict');
  return outcome;
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
