// Posts the demo's entries, so that each is recorded once however often that is begun.
import type { EntryInput } from '../../core/entry/schema.ts';
import { PATHS } from '../../names/api.ts';
import { type Answer, ask, objectOf, reasonOf } from '../ask.ts';
import { CommandError, EXIT } from '../exit.ts';

/** With Retry-After that is minutes, not hours. */
const MAX_ATTEMPTS = 12;
const MISMATCH = 'urn:indelible:problem:idempotency-mismatch';

export interface Place {
  readonly api: URL;
  readonly token: string;
  /** Each entry says it, so that a token of another tenant is refused. */
  readonly tenant: string;
  /** What the keys of all requests begin with. */
  readonly keys: string;
}

export interface Posted {
  /** Whether they had been recorded before. */
  readonly replayed: boolean;
  /** When the first of them was recorded, epoch milliseconds. */
  readonly recordedAt: number;
}

/** Records all of the entries, or none and throws a CommandError. The same name with the same entries adds nothing. */
export async function post(to: Place, name: string, entries: readonly EntryInput[]): Promise<Posted> {
  const { api, token, tenant, keys } = to;
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'idempotency-key': `${keys}-${name}`,
  };
  const body = JSON.stringify({ entries: entries.map((entry) => ({ ...entry, tenant })) });
  const answer = await ask(new URL(PATHS.entries, api), { method: 'POST', headers, body }, { attempts: MAX_ATTEMPTS });
  if (answer.status !== 201) throw refusal(answer);
  const { receipts } = objectOf(answer) ?? {};
  const [first] = Array.isArray(receipts) ? (receipts as readonly { readonly recordedAt?: unknown }[]) : [];
  const recordedAt = Date.parse(String(first?.recordedAt));
  if (Number.isNaN(recordedAt)) {
    throw new CommandError(EXIT.unreachable, `${api.origin} answered 201 without receipts; is it an Indelible API?`);
  }
  return { replayed: answer.headers.get('idempotent-replayed') === 'true', recordedAt };
}

function refusal(answer: Answer): CommandError {
  const { status } = answer;
  if (objectOf(answer)?.type === MISMATCH) {
    const message =
      'the tenant has other demo data of this seed: another version of this command made it, or a run that was cut off more than ' +
      'seven days ago, whose beginning is no longer known and was now recorded once more. What is there stays; take another ' +
      '--seed or --tenant, which begins anew';
    return new CommandError(EXIT.refused, message);
  }
  const remedy =
    status === 401
      ? '; pass a token of the role writer with --token or INDELIBLE_TOKEN'
      : status === 429 || status >= 500
        ? '; run the same command again later, nothing is recorded twice'
        : '';
  const exit = status === 400 || status === 413 || status === 422 ? EXIT.refused : EXIT.unreachable;
  return new CommandError(exit, `the API answered ${status}: ${reasonOf(answer)}${remedy}`);
}

/** Whether the deployment refuses actions that its catalog does not hold. */
export async function isStrict(api: URL, token: string): Promise<boolean> {
  const answer = await ask(new URL(PATHS.catalog, api), { headers: { authorization: `Bearer ${token}` } });
  if (answer.status !== 200) throw refusal(answer);
  return objectOf(answer)?.strict === true;
}
