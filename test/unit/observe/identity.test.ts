// Actors of CloudTrail's events.
import { describe, expect, test } from '@jest/globals';
import { actorOf } from '../../../services/observe/identity.ts';

const issuer = { type: 'Role', principalId: 'AROAX', arn: 'arn:aws:iam::1:role/deploy', userName: 'deploy' };
const roleSession = (session: object, principalId = 'AROAX:build-7') => ({
  type: 'AssumedRole',
  principalId,
  arn: 'arn:aws:sts::1:assumed-role/deploy/build-7',
  sessionContext: { sessionIssuer: issuer, attributes: { mfaAuthenticated: 'false' }, ...session },
});

describe('the actor of a userIdentity', () => {
  test.each([
    [
      'an IAM user',
      { type: 'IAMUser', principalId: 'AIDA1', userName: 'maya' },
      { type: 'user', id: 'AIDA1', name: 'maya' },
    ],
    [
      'the root user',
      { type: 'Root', principalId: '1', accountId: '1' },
      { type: 'user', id: '1', name: 'root', role: 'root' },
    ],
    [
      'a role session of a workload',
      roleSession({}),
      { type: 'service', id: 'AROAX:build-7', name: 'build-7', role: 'deploy' },
    ],
    [
      'a role session with multi-factor authentication',
      roleSession({ attributes: { mfaAuthenticated: 'true' } }),
      { type: 'user', id: 'AROAX:build-7', name: 'build-7', role: 'deploy' },
    ],
    [
      'a role session with a source identity',
      roleSession({ sourceIdentity: 'maya' }),
      { type: 'user', id: 'AROAX:build-7', name: 'maya', role: 'deploy' },
    ],
    [
      'a session of IAM Identity Center',
      roleSession({ sessionIssuer: { ...issuer, userName: 'AWSReservedSSO_Admin_0' } }, 'AROAX:maya@example.com'),
      { type: 'user', id: 'AROAX:maya@example.com', name: 'maya@example.com', role: 'AWSReservedSSO_Admin_0' },
    ],
    [
      'a session whose name holds a colon',
      roleSession({}, 'AROAX:a:b'),
      { type: 'service', id: 'AROAX:a:b', name: 'a:b', role: 'deploy' },
    ],
    [
      'a federated user',
      {
        type: 'FederatedUser',
        principalId: '1:temp',
        arn: 'arn:aws:sts::1:federated-user/temp',
        sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::1:user/maya' } },
      },
      { type: 'user', id: '1:temp', name: 'temp', onBehalfOf: 'arn:aws:iam::1:user/maya' },
    ],
    [
      'a SAML user',
      { type: 'SAMLUser', principalId: 'NQ=:maya', userName: 'maya', identityProvider: 'NQ=' },
      { type: 'external', id: 'NQ=:maya', name: 'maya', onBehalfOf: 'NQ=' },
    ],
    [
      'a web identity',
      { type: 'WebIdentityUser', principalId: 'accounts.example.com:app:sub', userName: 'sub' },
      { type: 'external', id: 'accounts.example.com:app:sub', name: 'sub' },
    ],
    [
      'a user of IAM Identity Center',
      { type: 'IdentityCenterUser', accountId: '1', onBehalfOf: { userId: 'u-1', identityStoreArn: 'arn:x' } },
      { type: 'user', id: 'u-1' },
    ],
    ['a directory user', { type: 'Directory', userName: 'maya' }, { type: 'user', id: 'maya', name: 'maya' }],
    [
      'another account',
      { type: 'AWSAccount', principalId: 'AIDA9', accountId: '999' },
      { type: 'external', id: 'AIDA9', name: '999' },
    ],
    [
      'an AWS service',
      { type: 'AWSService', invokedBy: 'config.amazonaws.com' },
      { type: 'system', id: 'config.amazonaws.com', name: 'config.amazonaws.com' },
    ],
    [
      'a service event without a type',
      { accountId: '1', invokedBy: 'ec2.amazonaws.com' },
      { type: 'system', id: 'ec2.amazonaws.com', name: 'ec2.amazonaws.com' },
    ],
    [
      'a kind that nobody here knows yet',
      { type: 'Robot', principalId: 'R2', userName: 'r' },
      { type: 'external', id: 'R2', name: 'r', role: 'Robot' },
    ],
    ['an anonymous caller', { type: 'AWSAccount', principalId: '', accountId: 'anonymous' }, { type: 'anonymous' }],
    ['an unknown caller', { type: 'Unknown' }, { type: 'anonymous', role: 'Unknown' }],
    ['a missing identity', undefined, { type: 'anonymous' }],
  ])('%s', (_, identity, actor) => {
    expect(actorOf(identity as never)).toEqual(actor);
  });
});
