// Real records of an account: each that names a resource has it as its target, in the one form.
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../../core/json/value.ts';
import { mapCloudTrail } from '../../../services/observe/cloudtrail.ts';

const RECORDS = new URL('../../../../shared/data/cloudtrail/cloudtrail.ndjson.gz', import.meta.url);
const given = existsSync(RECORDS) ? test : test.skip;

/** What an identifier looks like, and the members that hold one in these records; written without the product's tables. */
const EC2 = /^(?:i|vpc|subnet|sg|vol|snap|ami|eni|igw|rtb|nat|eipalloc|fl)-[0-9a-z]{10,}$/;
const NAMED = new Set([
  'bucketName',
  'roleName',
  'instanceProfileName',
  'secretId',
  'policyArn',
  'logGroupName',
  'trailName',
  'keyId',
]);

function named(value: JsonValue | undefined, within = ''): string[] {
  if (/filter|tag/i.test(within) || value === undefined || value === null || typeof value !== 'object') return [];
  return Object.entries(value as JsonObject).flatMap(([key, member]) => {
    if (typeof member !== 'string') return named(member, key);
    if (key === 'roleSessionName') return [];
    return EC2.test(member) || NAMED.has(key) ? [member] : [];
  });
}

given('every record that names a resource has it as target, or beside it', () => {
  const lines = gunzipSync(readFileSync(RECORDS)).toString().trim().split('\n');
  let withResource = 0;
  for (const line of lines) {
    const record = JSON.parse(line) as JsonObject;
    const { recipientAccountId: account, awsRegion: region } = record as {
      recipientAccountId: string;
      awsRegion: string;
    };
    const event = { id: 'e', source: 'aws.x', detailType: 'AWS API Call via CloudTrail', account, region, time: 0 };
    const { target, related = [] } = mapCloudTrail({ ...event, resources: [], detail: record });
    const ids = named(record.requestParameters);
    const arns = (Array.isArray(record.resources) ? record.resources : []).flatMap(
      (one) => (one as JsonObject).ARN ?? [],
    );
    if (ids.length + arns.length === 0) continue;
    withResource++;
    const known = [target, ...related].map((one) => one?.id);
    const missing = ids.filter((id) => !known.some((one) => one !== undefined && (one === id || id.includes(one))));
    expect([record.eventName, target === undefined, missing.slice(0, 20 - known.length)]).toEqual([
      record.eventName,
      false,
      [],
    ]);
    for (const one of [target!, ...related]) expect(one.type).toMatch(/^[a-z0-9-]+:[a-z0-9-]+$/);
  }
  expect(withResource).toBeGreaterThan(1_200);
});
