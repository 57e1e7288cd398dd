// What the functions work on and are told of: each feature grants its own what they need of it.
import type { Alarms } from '../constructs/alarms.ts';
import type { Identity } from '../constructs/identity.ts';
import type { DataStack } from './data.ts';
import type { ReadingStack } from './reading.ts';

export interface Holdings {
  readonly data: DataStack;
  readonly reading: ReadingStack;
  /** What tokens say of their callers. */
  readonly identity: Identity;
  /** Where a function rings by itself. */
  readonly alarms: Alarms;
}
