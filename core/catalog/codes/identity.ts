// Actions of the catalog: identities and sign-in.
import { codes } from '../code.ts';

export const IDENTITY = [
  ...codes('authentication', [
    ['auth.login.success', 'standard', '{actor} signed in', 'S0 S1 S2 S3 S4'],
    ['auth.login.failure', 'standard', '{actor} failed to sign in', 'S0 S1 S2 S4', 'failure'],
    ['auth.logout', 'standard', '{actor} signed out', 'S0 S1 S2 S3 S4'],
    ['auth.sso_asserted', 'standard', '{actor} presented a single sign-on assertion', 'S2'],
    ['auth.password_changed', 'major', '{actor} changed a password', 'S0 S3 S4'],
    ['auth.2fa_enabled', 'major', '{actor} enabled two-factor authentication', 'S0 S4'],
    ['auth.2fa_changed', 'major', '{actor} changed two-factor authentication', 'S4'],
    ['auth.2fa_disabled', 'major', '{actor} disabled two-factor authentication', 'S4'],
  ]),
  ...codes('session', [
    ['session.started', 'standard', 'A session of {actor} started', 'S3'],
    ['session.ended', 'standard', 'A session of {actor} ended', 'S3'],
    ['session.timed_out', 'system', 'A session of {actor} timed out', 'S3 S4'],
    ['session.invalidated', 'major', 'A session of {actor} was invalidated', 'S0'],
    ['auth.password_reset_requested', 'standard', '{actor} asked to reset a password', 'S3'],
    ['account.locked', 'security', 'The account {target} was locked', 'S0 S3 S4'],
    ['account.unlocked', 'major', 'The account {target} was unlocked', 'S3'],
    ['account.email_verified', 'standard', '{actor} verified an email address', 'S3'],
    ['account.phone_verified', 'standard', '{actor} verified a phone number', 'S3'],
  ]),
  ...codes('account', [
    ['account.created', 'major', '{actor} created the account {target}', 'S4'],
    ['account.deactivated', 'major', '{actor} deactivated the account {target}', 'S4'],
    ['account.deleted', 'deletion', '{actor} deleted the account {target}', 'S4'],
    ['account.email_updated', 'major', '{actor} updated the email address of {target}', 'S4'],
    ['account.permission_changed', 'major', '{actor} changed permissions of {target}', 'S4'],
    ['account.permission_elevated', 'security', '{actor} elevated permissions of {target}', 'S4'],
  ]),
];
