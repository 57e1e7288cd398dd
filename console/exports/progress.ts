// How far an export is, as far as that can be known.
import type { Answer } from '../api/client.ts';

export type Export = Answer<'listExports'>['exports'][number];

export const isRunning = ({ status }: Pick<Export, 'status'>): boolean => status === 'queued' || status === 'running';

/** What was counted before an export was started: the service itself says only how many rows are written. */
const counted = new Map<string, number>();

/** Lasts as long as the page. */
export function rememberCount(id: string, count: number): void {
  counted.set(id, count);
}

export const countOf = (id: string): number | undefined => counted.get(id);

export interface Progress {
  /** 0 to 100; undefined where nobody has counted. */
  readonly percent: number | undefined;
  /** Undefined until some rows are written. */
  readonly remainingSeconds: number | undefined;
}

/** `count`: rows that there will be. The proof and the manifest are made after the last row, so that it is never quite done. */
export function progressOf(
  { rows, createdAt }: Pick<Export, 'rows' | 'createdAt'>,
  count: number | undefined,
  now: number,
): Progress {
  if (count === undefined || count === 0) return { percent: undefined, remainingSeconds: undefined };
  const done = Math.min(rows, count);
  const elapsed = Math.max(0, now - Date.parse(createdAt)) / 1_000;
  return {
    percent: Math.min(99, Math.floor((done / count) * 100)),
    remainingSeconds: done === 0 ? undefined : Math.ceil((elapsed / done) * (count - done)),
  };
}
