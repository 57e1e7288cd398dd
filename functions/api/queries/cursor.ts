// The cursor of pages of what a job found.
import type { JobPosition } from '../../../services/query/page.ts';
import { Problem } from '../shared/problem.ts';

/** Names its job, so that one of another job is refused; it opens nothing that its bearer may not read anyway. */
export function writeCursor(id: string, { slice, from, passed, after }: JobPosition): string {
  const place = after === undefined ? [] : [after.recordedAt, after.chain, after.position];
  return Buffer.from(JSON.stringify([id, slice, from, passed, ...place])).toString('base64url');
}

/** Throws Problem: invalid-cursor. */
export function readCursor(id: string, cursor: string): JobPosition {
  const [of, ...numbers] = parsed(cursor);
  const [slice, from, passed, recordedAt, chain, position] = numbers as number[];
  const isWhole = numbers.every((one) => Number.isSafeInteger(one) && Number(one) >= 0);
  if (of !== id || !isWhole || (numbers.length !== 3 && numbers.length !== 6)) {
    throw new Problem('invalid-cursor', 'The cursor is none of this job.');
  }
  const start = { slice: slice!, from: from!, passed: passed! };
  return recordedAt === undefined ? start : { ...start, after: { recordedAt, chain: chain!, position: position! } };
}

function parsed(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
