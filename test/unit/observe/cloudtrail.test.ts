// Entries of CloudTrail's events.
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../core/json/value.ts';
import { inputOf, observed, trailEvent } from './events.ts';

describe('a management event', () => {
  test('says who called what, from where, on what', () => {
    expect(inputOf(trailEvent({}))).toMatchObject({
      action: 's3.get_bucket_policy',
      category: 'data_access',
      outcome: 'success',
      severity: 'low',
      description: 'maya called s3:GetBucketPolicy',
      occurredAt: '2026-03-01T09:29:41.000Z',
      actor: { type: 'user', id: 'AIDAEXAMPLEMAYA00000', name: 'maya' },
      source: { ip: '198.51.100.7', userAgent: 'aws-cli/2.15' },
      target: { type: 's3:bucket', id: 'ledger-of-maya' },
      context: {
        channel: 'api',
        requestId: 'REQ1',
        correlationId: 'b5a6b7f0-0000-4000-8000-000000000001',
        sessionId: 'EXAMPLEKEY1',
      },
    });
  });

  test('is kept whole in the metadata', () => {
    const event = trailEvent({});
    expect(inputOf(event).metadata).toEqual({ event });
  });

  test('maps by its kind when a tool replays it under a source of its own', () => {
    const replayed = trailEvent({}, { source: 'indelible.send', resources: ['urn:indelible:tenant:acme'] });
    const { tenant, input, recorder } = observed(replayed);
    expect(tenant).toBe('acme');
    expect(input.action).toBe('s3.get_bucket_policy');
    expect(recorder).toMatchObject({ type: 'principal', id: 'indelible.send' });
  });

  test('takes the time of the envelope when its own is no time', () => {
    expect(inputOf(trailEvent({ eventTime: 'yesterday' })).occurredAt).toBe('2026-03-01T09:30:00.000Z');
  });

  test.each([{ eventName: null }, { eventSource: '' }])('without %p is refused', (record) => {
    expect(() => observed(trailEvent(record))).toThrow(expect.objectContaining({ code: 'not-a-record' }));
  });
});

describe('the category', () => {
  test.each([
    ['data_access', { readOnly: true }],
    ['administrative', { eventName: 'PutBucketPolicy', readOnly: false }],
    ['data_modification', { eventName: 'PutObject', readOnly: false, managementEvent: false, eventCategory: 'Data' }],
    [
      'system',
      { eventName: 'RotateKey', eventSource: 'kms.amazonaws.com', readOnly: false, eventType: 'AwsServiceEvent' },
    ],
    ['authentication', { eventName: 'ConsoleLogin', eventSource: 'signin.amazonaws.com', readOnly: false }],
    ['authentication', { eventName: 'AssumeRoleWithSAML', eventSource: 'sts.amazonaws.com', readOnly: true }],
    ['data_access', { eventName: 'GetCallerIdentity', eventSource: 'sts.amazonaws.com', readOnly: true }],
  ])('is %s for %j', (category, record) => {
    expect(inputOf(trailEvent(record)).category).toBe(category);
  });
});

describe('the outcome and severity', () => {
  test.each([
    ['denied', 'medium', { errorCode: 'AccessDenied' }],
    ['denied', 'medium', { errorCode: 'Client.UnauthorizedOperation' }],
    ['denied', 'medium', { errorCode: 'NotAuthorizedException' }],
    ['failure', 'low', { errorCode: 'NoSuchBucketPolicy' }],
    ['failure', 'low', { errorCode: 'ThrottlingException' }],
    ['success', 'medium', { eventName: 'CreateBucket', readOnly: false }],
    ['denied', 'high', { eventName: 'CreateBucket', readOnly: false, errorCode: 'AccessDenied' }],
    ['failure', 'medium', { eventName: 'DeleteBucket', readOnly: false, errorCode: 'BucketNotEmpty' }],
    ['success', 'critical', { eventName: 'DeleteBucket', readOnly: false }],
    ['success', 'info', { eventName: 'RotateKey', readOnly: false, eventType: 'AwsServiceEvent' }],
    ['success', 'critical', { eventName: 'StopLogging', eventSource: 'cloudtrail.amazonaws.com', readOnly: false }],
    [
      'denied',
      'critical',
      { eventName: 'DeleteTrail', eventSource: 'cloudtrail.amazonaws.com', readOnly: false, errorCode: 'AccessDenied' },
    ],
    ['success', 'high', { userIdentity: { type: 'Root', principalId: '111122223333' } }],
    [
      'failure',
      'medium',
      { eventName: 'ConsoleLogin', readOnly: false, responseElements: { ConsoleLogin: 'Failure' } },
    ],
    [
      'success',
      'medium',
      { eventName: 'ConsoleLogin', readOnly: false, responseElements: { ConsoleLogin: 'Success' } },
    ],
  ])('are %s and %s for %j', (outcome, severity, record) => {
    expect(inputOf(trailEvent(record as JsonObject))).toMatchObject({ outcome, severity });
  });
});

describe('the source', () => {
  test.each(['cloudtrail.amazonaws.com', 'AWS Internal', '', null])('has no address for %p', (sourceIPAddress) => {
    expect(inputOf(trailEvent({ sourceIPAddress })).source).toEqual({ userAgent: 'aws-cli/2.15' });
  });

  test('is left out when nothing is known', () => {
    expect(inputOf(trailEvent({ sourceIPAddress: 'AWS Internal', userAgent: '' }))).not.toHaveProperty('source');
  });
});

describe('the channel', () => {
  test.each([
    ['ui', { sessionCredentialFromConsole: 'true' }],
    ['ui', { eventType: 'AwsConsoleSignIn' }],
    ['automation', { userIdentity: { type: 'AWSService', invokedBy: 'config.amazonaws.com' } }],
    ['api', {}],
  ])('is %s for %j', (channel, record) => {
    expect(inputOf(trailEvent(record as JsonObject)).context).toMatchObject({ channel });
  });
});

describe('the targets', () => {
  test('are the resources that the record names, each once, behind what the request names', () => {
    const resources = [
      { accountId: '1', type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::ledger-of-maya' },
      { accountId: '1', ARN: 'arn:aws:ssm:eu-central-1:111122223333:parameter/p' },
    ];
    expect(inputOf(trailEvent({ resources }))).toMatchObject({
      target: { type: 's3:bucket', id: 'ledger-of-maya' },
      related: [{ type: 'ssm:parameter', id: 'p' }],
    });
  });

  test('are ordered as the name of the call mentions them', () => {
    const requestParameters = { policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess', roleName: 'reader' };
    const eventSource = 'iam.amazonaws.com';
    expect(inputOf(trailEvent({ eventSource, eventName: 'AttachRolePolicy', requestParameters }))).toMatchObject({
      target: { type: 'iam:role', id: 'reader' },
      related: [{ type: 'iam:policy', id: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
    });
  });

  test('are found inside the sets of EC2, and filters are none', () => {
    const requestParameters = {
      instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] },
      filterSet: { items: [{ name: 'vpc-id' }] },
    };
    const eventSource = 'ec2.amazonaws.com';
    expect(inputOf(trailEvent({ eventSource, eventName: 'DescribeInstances', requestParameters }))).toMatchObject({
      target: { type: 'ec2:instance', id: 'i-1' },
      related: [{ type: 'ec2:instance', id: 'i-2' }],
    });
  });

  test('are absent when the request names nothing', () => {
    expect(inputOf(trailEvent({ requestParameters: null }))).not.toHaveProperty('target');
  });

  test('are at most 20', () => {
    const resources = Array.from({ length: 50 }, (_, i) => ({ ARN: `arn:aws:s3:::b${i}` }));
    expect(inputOf(trailEvent({ resources })).related).toHaveLength(19);
  });
});
