// Events for the tests of observe.
import type { JsonObject, JsonValue } from '../../../core/json/value.ts';
import { type Observed, observe } from '../../../services/observe/map.ts';

const RULES = { systemTenant: 'system', sourceTenants: { 'com.acme.billing': 'acme' } } as const;
export const NESTING = 32;
const ORIGINAL_BYTES = 40_000;

export function busEvent(members: JsonObject): JsonObject {
  return {
    version: '0',
    id: '6f1c2f0a-3d0e-4f5e-9a57-0c8a0f6f2b11',
    'detail-type': 'Order Placed',
    source: 'com.acme.orders',
    account: '111122223333',
    time: '2026-03-01T09:30:00Z',
    region: 'eu-central-1',
    resources: [],
    detail: {},
    ...members,
  };
}

/** A management event as a trail of the account would deliver it. */
export function trailEvent(record: JsonObject, members: JsonObject = {}): JsonObject {
  return busEvent({
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.s3',
    detail: {
      eventVersion: '1.11',
      userIdentity: {
        type: 'IAMUser',
        principalId: 'AIDAEXAMPLEMAYA00000',
        arn: 'arn:aws:iam::111122223333:user/maya',
        accountId: '111122223333',
        accessKeyId: 'EXAMPLEKEY1',
        userName: 'maya',
      },
      eventTime: '2026-03-01T09:29:41Z',
      eventSource: 's3.amazonaws.com',
      eventName: 'GetBucketPolicy',
      awsRegion: 'eu-central-1',
      sourceIPAddress: '198.51.100.7',
      userAgent: 'aws-cli/2.15',
      requestParameters: { bucketName: 'ledger-of-maya' },
      responseElements: null,
      requestID: 'REQ1',
      eventID: 'b5a6b7f0-0000-4000-8000-000000000001',
      readOnly: true,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: '111122223333',
      eventCategory: 'Management',
      ...record,
    },
    ...members,
  });
}

export function observed(event: JsonValue, originalBytes: number = ORIGINAL_BYTES): Observed {
  return observe(event, RULES, NESTING, originalBytes);
}

export function inputOf(event: JsonValue): JsonObject {
  return observed(event).input;
}
