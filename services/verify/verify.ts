import type { VerifyInput } from '../../names/verify.ts';
import { concludeVerification } from './conclude.ts';
import { planVerification } from './plan.ts';
import type { VerifyPorts } from './port.ts';
import { verifyShard } from './shard.ts';

/** One step of the verification state machine; `timeLeft` says how many milliseconds the run has. */
export function verify(input: VerifyInput, ports: VerifyPorts, timeLeft: () => number) {
  if (input.step === 'plan') return planVerification(input, ports);
  if (input.step === 'shard') return verifyShard(input, ports, timeLeft);
  return concludeVerification(input, ports);
}
