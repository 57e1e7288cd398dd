/** One query, as it is kept and shown. */
import type { ResultColumn } from './engine.ts';

type State = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

export interface Execution {
  readonly id: string;
  readonly token: string;
  /** With the parameters in their places. */
  readonly sql: string;
  readonly parameters: readonly string[];
  readonly workGroup: string;
  readonly database: string;
  /** In whose name it reads and writes. */
  readonly accessKeyId: string;
  readonly state: State;
  readonly reason?: string;
  /** Epoch milliseconds. */
  readonly submittedAt: number;
  readonly completedAt?: number;
  readonly scannedBytes: number;
  readonly outputBytes: number;
  readonly columns: readonly ResultColumn[];
}

export const hasEnded = ({ state }: Execution): boolean => state !== 'QUEUED' && state !== 'RUNNING';

/** Of the result below the workgroup's location. */
export const outputName = ({ id }: Pick<Execution, 'id'>): string => `${id}.csv`;
