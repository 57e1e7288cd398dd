// CloudTrail's Insights: unusual rates, each told by a record for its start and one for its end.
import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../../core/json/value.ts';
import { Api } from '../../support/api.ts';
import { busEvent, inputOf, observed } from './events.ts';

const DETAILS = {
  state: 'Start',
  eventSource: 'ec2.amazonaws.com',
  eventName: 'RunInstances',
  insightType: 'ApiErrorRateInsight',
  errorCode: 'Client.InstanceLimitExceeded',
};

function insight(members: JsonObject = {}, details: JsonObject = {}): JsonObject {
  return busEvent({
    'detail-type': 'AWS Insight via CloudTrail',
    source: 'aws.cloudtrail',
    detail: {
      eventVersion: '1.08',
      eventTime: '2026-03-01T09:20:00Z',
      eventID: 'insight-1',
      eventType: 'AwsCloudTrailInsight',
      sharedEventID: 'shared-1',
      insightDetails: { ...DETAILS, ...details },
      ...members,
    },
  });
}

test('the start is a warning, and says which calls it is about', () => {
  expect(inputOf(insight())).toMatchObject({
    action: 'cloudtrail.insight.started',
    category: 'security',
    outcome: 'unknown',
    severity: 'high',
    description: 'CloudTrail: ApiErrorRateInsight of ec2:RunInstances (Client.InstanceLimitExceeded) began',
    occurredAt: '2026-03-01T09:20:00.000Z',
    actor: { type: 'system', id: 'cloudtrail.amazonaws.com' },
    target: { type: 'cloudtrail:insight', id: 'shared-1' },
    context: { channel: 'automation', correlationId: 'shared-1' },
  });
});

test('the end is news, and belongs to the same', () => {
  const ended = inputOf(insight({ eventID: 'insight-2' }, { state: 'End' }));
  expect(ended).toMatchObject({ action: 'cloudtrail.insight.ended', severity: 'info', target: { id: 'shared-1' } });
});

test('one that says little is recorded all the same', () => {
  const { sharedEventID: _, ...rest } = insight({ insightDetails: {} }).detail as JsonObject;
  expect(inputOf({ ...insight(), detail: rest })).toMatchObject({
    target: { id: 'unknown:unknown' },
    context: { channel: 'automation' },
  });
  expect(inputOf(insight({ insightDetails: 'x' })).action).toBe('cloudtrail.insight_via_cloudtrail');
});

test('it is known by its own id, however often it comes', async () => {
  const key = (event: JsonObject) => observed(event).idempotencyKey;
  expect(key({ ...insight(), id: 'other' })).toBe(key(insight()));
  expect(key(insight({ eventID: 'insight-2' }))).not.toBe(key(insight()));
  const api = new Api();
  await api.observe(insight());
  await api.observe({ ...insight(), id: 'other' });
  expect(api.entries('system')).toHaveLength(1);
});
