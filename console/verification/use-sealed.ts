// Until when a verification's last seal reaches, and how much was recorded since: for who may ask both.
import type { AccessRole } from '../../core/access/policy.ts';
import type { Api } from '../api/client.ts';
import { digestsIn } from '../checkpoints/digests.ts';
import { may } from '../shell/may.ts';
import { useAnswer } from '../shell/use-answer.ts';
import type { Verification } from './standing.ts';

export interface Sealed {
  readonly sealedAt: string;
  /** When the next seal is due. */
  readonly nextBy: string;
  /** Recorded since, as far as one answer counts. */
  readonly waiting: number;
  /** There are more than were counted. */
  readonly more: boolean;
}

/** As many as one answer holds. */
const MOST = 200;

/** Nothing for roles that may not see seals or entries, and before the first seal. */
export function useSealed(api: Api, role: AccessRole, newest: Verification | undefined): Sealed | undefined {
  const { answer } = useAnswer(
    async (signal) => {
      const number = newest?.lastDigest;
      if (!may(role, 'listDigests') || number === undefined || number === null) return undefined;
      const asked = { limit: 1, ...(number === 0 ? {} : { after: number - 1 }) };
      const [digest] = digestsIn(await api.call('listDigests', { query: asked, signal }));
      if (digest === undefined) return undefined;
      const found = await api.call('searchEntries', { query: { from: digest.sealedAt, limit: MOST }, signal });
      const { sealedAt, nextBy } = digest;
      return { sealedAt, nextBy, waiting: found.entries.length, more: found.cursor !== null };
    },
    [api, role, newest?.id],
  );
  return answer;
}
