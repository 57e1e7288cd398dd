// What everybody may ask of the digest log, as text: no token, and no role.
import { ApiFault, faultOf } from '../api/problem.ts';

/** The newest signed checkpoint; undefined before the first seal. Throws ApiFault. */
export async function readCheckpoint(signal: AbortSignal): Promise<string | undefined> {
  return read('/log/checkpoint', signal);
}

/** The verifier keys, one a line. Throws ApiFault. */
export async function readKeys(signal: AbortSignal): Promise<string> {
  return (await read('/log/keys', signal)) ?? '';
}

async function read(path: string, signal: AbortSignal): Promise<string | undefined> {
  let response: Response;
  try {
    response = await fetch(path, { signal });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw new ApiFault('unreachable', 0, undefined, undefined, { cause: error });
  }
  if (response.status === 404) return undefined;
  if (!response.ok) throw await faultOf(response);
  return response.text();
}
