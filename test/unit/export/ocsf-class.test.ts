// Activities of OCSF by whole words of the action: deletions first, nouns never for verbs, unknown ones by their name.
import { expect, test } from '@jest/globals';
import { CATALOG } from '../../../core/catalog/catalog.ts';
import { ocsfClassOf } from '../../../services/export/formats/ocsf-class.ts';

const target = { type: 'thing', id: 't1' };
const source = { ip: '203.0.113.7' };

test.each<[action: string, category: string, activity: number, name: string]>([
  ['address.deleted', 'data_modification', 4, 'Delete'],
  ['review.deleted', 'data_modification', 4, 'Delete'],
  ['submission.created', 'core', 1, 'Create'],
  ['setting.listed', 'core', 99, 'setting.listed'],
  ['asset.updated', 'core', 3, 'Update'],
  ['file.downloaded', 'document', 2, 'Read'],
  ['gadget.viewed', 'data_access', 2, 'Read'],
  ['user.blocked', 'core', 9, 'Disable'],
  ['user.unblocked', 'account', 12, 'Unlock'],
  ['account.locked', 'account', 9, 'Lock'],
  ['auth.2fa_enabled', 'account', 10, 'MFA Factor Enable'],
  ['auth.mfa_removed', 'account', 11, 'MFA Factor Disable'],
  ['auth.password_changed', 'account', 3, 'Password Change'],
  ['auth.password_reset_requested', 'account', 4, 'Password Reset'],
  ['auth.unverified', 'authentication', 99, 'auth.unverified'],
  ['auth.login.failure', 'authentication', 1, 'Logon'],
  ['auth.logout', 'authentication', 2, 'Logoff'],
  ['session.timed_out', 'session', 2, 'Logoff'],
  ['signin.console_login', 'authentication', 1, 'Logon'],
])('%s of %s is %i, %s', (action, category, activity, activityName) => {
  expect(ocsfClassOf({ action, category, target, channel: undefined })).toMatchObject({ activity, activityName });
});

test.each<[action: string, activity: number, name: string]>([
  ['elasticloadbalancing.delete_target_group', 4, 'Delete'],
  ['budgets.delete_budget', 4, 'Delete'],
  ['ec2.terminate_instances', 4, 'Delete'],
  ['ec2.run_instances', 1, 'Create'],
  ['iam.attach_user_policy', 3, 'Update'],
  ['s3.get_bucket_policy', 2, 'Read'],
  ['s3.put_bucket_policy', 3, 'Update'],
  ['ec2.frobnicate', 99, 'ec2.frobnicate'],
])('the call %s is %i, %s', (action, activity, activityName) => {
  expect(ocsfClassOf({ action, category: 'api', target, source })).toMatchObject({ activity, activityName });
});

test('every action of the catalog that deletes is a deletion, where its class knows them', () => {
  const deleting = [...CATALOG.values()].filter(({ action }) => /\.(?:\w+_)?(?:deleted|removed)$/.test(action));
  expect(deleting.length).toBeGreaterThan(8);
  for (const { action, category } of deleting) {
    const { uid, activity } = ocsfClassOf({ action, category, target, source });
    if (uid !== 0 && uid !== 3002) expect([action, activity]).toEqual([action, uid === 3001 ? 6 : 4]);
  }
});
