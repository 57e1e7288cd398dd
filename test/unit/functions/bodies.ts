// Answers of bodies, taken apart.
import { expect } from '@jest/globals';
import { parsePositions } from '../../../core/documents/positions.ts';
import type { Served } from '../../support/serving.ts';

/** Of bytes that are UTF-8. */
export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** What one answer holds, by position. */
export function bodiesOf({ bytes, headers }: Served): Map<number, string> {
  const lines = text(bytes).split('\n');
  expect(lines.pop()).toBe('');
  const runs = headers['x-positions'] === undefined ? [] : parsePositions(String(headers['x-positions']));
  const positions = runs.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
  expect(positions).toHaveLength(lines.length);
  return new Map(positions.map((position, i) => [position, lines[i]!]));
}
