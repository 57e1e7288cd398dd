// Which failures of a chain would come again with every delivery.
import { BlockError } from '../../core/block/error.ts';
import { ObjectRefused } from '../object-lock/port.ts';
import { SegmentFault } from './port.ts';
import { EntryFault } from './rows.ts';

/**
 * Whether it is what the chain holds that fails, and not the surroundings: an object that the store refuses for what it
 * is, bytes that can't be read, a defect that they bring about. Trying again would fail the same way until the stream
 * forgets the whole shard. A denied permission, an outage and a lost race are not: they heal, or concern every chain.
 */
export function isPermanent(error: unknown): boolean {
  return PERMANENT_KINDS.some((kind) => error instanceof kind) && !isAboutAnswer(error);
}

/** What could not be made of a service's answer, garbled on the way, says nothing of the chain. */
function isAboutAnswer(error: unknown): boolean {
  return typeof error === 'object' && error !== null && ('$metadata' in error || '$response' in error);
}

const PERMANENT_KINDS = [ObjectRefused, BlockError, EntryFault, SegmentFault, RangeError, TypeError, SyntaxError];
