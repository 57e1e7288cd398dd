// Words that say how a credential stands (“expired”, “granted”), where a credential would stand if one were there.

const STATES: ReadonlySet<string> = new Set([
  ...['yes', 'no', 'true', 'false', 'on', 'off', 'none', 'null', 'nil', 'undefined', 'n/a', 'na'],
  ...['empty', 'blank', 'missing', 'absent', 'present', 'set', 'unset', 'not set', 'ok', 'required', 'optional'],
  ...['valid', 'invalid', 'verified', 'unverified', 'granted', 'denied', 'approved', 'rejected', 'refused', 'allowed'],
  ...['forbidden', 'permitted', 'authorized', 'unauthorized', 'enabled', 'disabled', 'active', 'inactive', 'expired'],
  ...['expiring', 'revoked', 'rotated', 'renewed', 'refreshed', 'issued', 'created', 'deleted', 'removed', 'changed'],
  ...['updated', 'unchanged', 'reset', 'sent', 'pending', 'failed', 'failure', 'success', 'successful', 'succeeded'],
  ...['accepted', 'declined', 'locked', 'unlocked', 'blocked', 'unblocked', 'unknown', 'all', 'necessary', 'essential'],
  ...['hidden', 'redacted', 'masked', 'configured', 'default', 'temporary', 'permanent', 'public', 'private'],
  ...['basic', 'bearer', 'digest', 'oauth', 'oauth2', 'saml', 'mfa', 'weak', 'strong', 'supported', 'unsupported'],
]);

const LONGEST = Math.max(...[...STATES].map((word) => word.length));

/** Whether the text is nothing but such a word, with or without a full stop. */
export function isState(text: string): boolean {
  if (text.length > LONGEST + 3) return false;
  return STATES.has(
    text
      .trim()
      .toLowerCase()
      .replace(/[.!?]$/, ''),
  );
}
