/** PutBucketLifecycleConfiguration and DeleteBucketLifecycle: a bucket's rules from a request; what no rule here does is refused by name. */
import { notImplemented, Refusal } from '../aws/refusal.ts';
import { child, childText, type Element } from '../aws/xml.ts';
import { malformedXml, requestXml } from './body.ts';
import { readBody } from './buckets.ts';
import { answerEmpty, type Operation } from './context.ts';
import type { LifecycleRule } from './model.ts';

const MOST_RULES = 1_000;
const MOST_ID = 255;
const KNOWN = [
  ...[
    'AbortIncompleteMultipartUpload',
    'Expiration',
    'Filter',
    'ID',
    'NoncurrentVersionExpiration',
    'Prefix',
    'Status',
  ],
];

export const putBucketLifecycle: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  const root = requestXml(readBody(call), 'LifecycleConfiguration');
  const rules = root.children.filter(({ name }) => name === 'Rule').map(ruleOf);
  if (rules.length < 1 || rules.length > MOST_RULES || rules.length !== root.children.length) throw malformedXml();
  if (new Set(rules.map(({ id }) => id)).size !== rules.length) {
    throw new Refusal(400, 'InvalidArgument', 'Rule ID must be unique. Found same ID for more than one rule');
  }
  await bucket.configure({ ...bucket.config, lifecycle: rules });
  return answerEmpty(200);
};

export const deleteBucketLifecycle: Operation = async (call, s3) => {
  const bucket = s3.store.get(call.bucket);
  await bucket.configure({ ...bucket.config, lifecycle: [] });
  return answerEmpty(204);
};

function ruleOf(rule: Element, index: number): LifecycleRule {
  for (const { name } of rule.children)
    if (!KNOWN.includes(name)) throw notImplemented(`${name} of a lifecycle rule (S3)`);
  const status = childText(rule, 'Status');
  if (status !== 'Enabled' && status !== 'Disabled') throw malformedXml();
  const id = childText(rule, 'ID') ?? `rule-${index + 1}`;
  if (id.length > MOST_ID)
    throw new Refusal(400, 'InvalidArgument', 'ID length should not exceed allowed limit of 255');
  const actions = actionsOf(rule);
  if (Object.keys(actions).length === 0) {
    throw new Refusal(400, 'InvalidRequest', 'At least one action needs to be specified in a rule');
  }
  return { id, enabled: status === 'Enabled', prefix: prefixOf(rule), ...actions };
}

function prefixOf(rule: Element): string {
  const filter = child(rule, 'Filter');
  if (!filter) return childText(rule, 'Prefix') ?? '';
  const other = filter.children.find(({ name }) => name !== 'Prefix');
  if (other) throw notImplemented(`${other.name} of a lifecycle rule's filter (S3)`);
  return childText(filter, 'Prefix') ?? '';
}

function actionsOf(rule: Element): Partial<LifecycleRule> {
  const expiration = child(rule, 'Expiration');
  if (expiration && child(expiration, 'Date')) throw notImplemented('Date of an expiration (S3)');
  const days = {
    expirationDays: wholeOf(expiration, 'Days'),
    noncurrentDays: wholeOf(child(rule, 'NoncurrentVersionExpiration'), 'NoncurrentDays'),
    newerNoncurrentVersions: wholeOf(child(rule, 'NoncurrentVersionExpiration'), 'NewerNoncurrentVersions'),
    abortUploadDays: wholeOf(child(rule, 'AbortIncompleteMultipartUpload'), 'DaysAfterInitiation'),
  };
  return {
    ...Object.fromEntries(Object.entries(days).filter(([, value]) => value !== undefined)),
    ...(expiration && childText(expiration, 'ExpiredObjectDeleteMarker') === 'true'
      ? { expiredDeleteMarker: true }
      : {}),
  };
}

function wholeOf(element: Element | undefined, name: string): number | undefined {
  const text = element && childText(element, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value > 0 && Number.isSafeInteger(value)) return value;
  throw new Refusal(400, 'InvalidArgument', `'${name}' for the lifecycle action must be a positive integer`);
}
