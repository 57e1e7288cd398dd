// What a page is given.
import type { AccessRole } from '../../core/access/policy.ts';
import type { Api } from '../api/client.ts';
import type { Identity } from '../sign-in/claims.ts';

export interface PageProps {
  readonly api: Api;
  readonly identity: Identity;
  /** The one in force. */
  readonly role: AccessRole;
}
