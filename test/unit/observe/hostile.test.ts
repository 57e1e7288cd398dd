// Records made to be expensive or to mislead: mapped in time that grows with their size, and never refused for their form.
import { expect, test } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../../core/json/value.ts';
import { mapCloudTrail } from '../../../services/observe/cloudtrail.ts';

const many = (n: number, make: (i: number) => JsonValue): JsonObject =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`bucket${i}Id`, make(i)]));
const nested = (levels: number, open: string, close: string): JsonValue =>
  JSON.parse(`${open.repeat(levels)}1${close.repeat(levels)}`) as JsonValue;

function mapped(record: JsonObject) {
  const detail = { eventSource: 's3.amazonaws.com', eventName: 'PutBucketPolicy', readOnly: false, ...record };
  const event = {
    id: 'e',
    source: 'aws.x',
    detailType: 'AWS API Call via CloudTrail',
    account: '1',
    region: 'r',
    time: 0,
  };
  return mapCloudTrail({ ...event, resources: [], detail });
}

const HOSTILE: readonly (readonly [what: string, asked: (n: number) => JsonValue])[] = [
  ['many members', (n) => many(n, (i) => `id-${i}`)],
  ['many ARNs', (n) => many(n, (i) => `arn:aws:iam::111122223333:role/r${i}`)],
  ['a long list', (n) => ({ ids: Array.from({ length: n }, (_, i) => `i-0a${i}`) })],
  [
    'many objects',
    (n) => ({ set: { items: Array.from({ length: n }, (_, i) => ({ instanceId: `i-0a${i}`, name: `${i}` })) } }),
  ],
  ['a long name', (n) => ({ [`${'aB-'.repeat(n)}Id`]: 'x' })],
  ['a long name of dashes', (n) => ({ [`${'-'.repeat(3 * n)}id`]: 'x' })],
  [
    'a long value',
    (n) => ({ instanceId: 'i-a'.repeat(n), subnetId: ','.repeat(n), arn: `arn:aws:s3:::${'a:/'.repeat(n)}` }),
  ],
  ['deep objects', (n) => nested(n, '{"a":', '}')],
  ['deep lists', (n) => nested(n, '[', ']')],
  ['a deep policy', (n) => ({ policy: `{"Statement":${'['.repeat(n)}${']'.repeat(n)}}` })],
  [
    'a long policy',
    (n) => ({
      policy: JSON.stringify({
        Statement: Array.from({ length: n }, () => ({ Effect: 'Allow', Principal: { AWS: ['a'] } })),
      }),
    }),
  ],
  [
    'no policy',
    (n) => ({ policy: `{"Statement":${'{'.repeat(n)}`, policyDocument: `%7B%E0${'%'.repeat(n)}Statement` }),
  ],
];

const CALLS = [
  's3.PutBucketPolicy',
  'ec2.RunInstances',
  'iam.CreateRole',
  'ec2.AuthorizeSecurityGroupIngress',
  'cloudtrail.PutEventSelectors',
];

test.each(HOSTILE)('%s are mapped whatever the call, in the request and in the response', (_, asked) => {
  for (const call of CALLS) {
    const [service, eventName] = call.split('.') as [string, string];
    const value = asked(10_000);
    const record = { eventSource: `${service}.amazonaws.com`, eventName, requestParameters: value };
    const { related = [], severity } = mapped({
      ...record,
      responseElements: value,
      additionalEventData: value,
      resources: [value],
    });
    expect(related.length).toBeLessThanOrEqual(19);
    expect(severity).toMatch(/^(?:critical|high|medium)$/);
  }
});

test.each(HOSTILE)('%s: eight times as much takes no more than some eight times as long', (_, asked) => {
  const cost = (n: number) => {
    const record = { requestParameters: asked(n), eventName: 'RunInstances', eventSource: 'ec2.amazonaws.com' };
    const times = Array.from({ length: 5 }, () => {
      const start = process.cpuUsage();
      mapped(record);
      const { user, system } = process.cpuUsage(start);
      return user + system;
    });
    return Math.min(...times);
  };
  cost(2_000);
  // Quadratic would be 64 times; the floor keeps what is too fast to measure from counting.
  expect(cost(16_000)).toBeLessThan(24 * Math.max(cost(2_000), 2_000));
});

test.each<[string, JsonObject]>([
  [
    'nulls',
    { userIdentity: null, requestParameters: null, responseElements: null, resources: null, additionalEventData: null },
  ],
  [
    'texts',
    { userIdentity: 'x', requestParameters: 'x', responseElements: 'x', resources: 'x', additionalEventData: 'x' },
  ],
  [
    'lists',
    { userIdentity: [], requestParameters: [], responseElements: [], resources: [[]], additionalEventData: [] },
  ],
  ['numbers', { userIdentity: 1, requestParameters: 1, responseElements: 1, resources: [1], errorMessage: 1 }],
  [
    'nulls inside',
    { requestParameters: { bucketName: null, delete: { objects: [null, { key: null }] }, items: [null] } },
  ],
  [
    'own names',
    {
      requestParameters: JSON.parse(
        '{"__proto__":{"bucketName":"b"},"constructor":{"name":"x"},"toString":"y"}',
      ) as JsonObject,
    },
  ],
])('%s where objects are expected are no fault', (_, record) => {
  for (const eventName of ['PutBucketPolicy', 'RunInstances', 'constructor', 'toString', '__proto__', 'ConsoleLogin']) {
    expect(mapped({ ...record, eventName }).severity).toBeDefined();
    expect(mapped({ ...record, eventName, eventSource: 'ec2.amazonaws.com' }).severity).toBeDefined();
    expect(mapped({ ...record, eventName, eventSource: 'constructor.amazonaws.com' }).severity).toBeDefined();
  }
});
