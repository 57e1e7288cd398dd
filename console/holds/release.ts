// Who may end a hold: the office that applied it, and somebody else besides where the organization has two.
import type { AccessRole } from '../../core/access/policy.ts';
import type { Answer } from '../api/client.ts';

export type Hold = Answer<'listHolds'>['holds'][number];

/**
 * `release`: may ask for it. `confirm`: somebody else has asked, and one further person is needed. `asked`: this reader has
 * asked. `other-office`: another office applied it. `released`: it has ended.
 */
export type Release = 'release' | 'confirm' | 'asked' | 'other-office' | 'released';

/** The API decides; this says which button there is. */
export function releaseOf({ status, applied, releaseRequested }: Hold, role: AccessRole, subject: string): Release {
  if (status === 'released') return 'released';
  if (releaseRequested !== undefined) return releaseRequested.by === subject ? 'asked' : 'confirm';
  return applied.role === role ? 'release' : 'other-office';
}
