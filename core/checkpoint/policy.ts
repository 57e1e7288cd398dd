// The policy of a reader that knows a log by its keys.
import type { VerifierKey } from '../note/key.ts';
import { CheckpointError } from './error.ts';
import type { CheckpointPolicy } from './open.ts';

/**
 * The policy of whoever knows a log by its keys alone (docs/format.md, "Log: checkpoint"): their name is the origin, and
 * a signature of every type is demanded, so that the one that will last can't be left out.
 */
export function policyOf(logKeys: readonly VerifierKey[]): CheckpointPolicy {
  const [first, ...others] = logKeys;
  if (first === undefined) throw new CheckpointError('policy', 'got no key of the log');
  if (others.some(({ name }) => name !== first.name)) {
    throw new CheckpointError('policy', 'got keys of several logs, want those of one');
  }
  return { origin: first.name, logKeys, requiredTypes: [...new Set(logKeys.map(({ type }) => type))] };
}
