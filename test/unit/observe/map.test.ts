// Entries of events of services and applications.
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../core/json/value.ts';
import { busEvent, inputOf, NESTING, observed, trailEvent } from './events.ts';

describe('an event of an AWS service', () => {
  test('becomes news of the service', () => {
    const event = busEvent({
      source: 'aws.guardduty',
      'detail-type': 'GuardDuty Finding',
      resources: ['arn:aws:guardduty:eu-central-1:1:detector/d1/finding/f1'],
      detail: { severity: 8 },
    });
    expect(inputOf(event)).toMatchObject({
      action: 'guardduty.finding',
      category: 'security',
      severity: 'high',
      outcome: 'unknown',
      actor: { type: 'system', id: 'aws.guardduty' },
      target: { type: 'guardduty:detector', id: 'arn:aws:guardduty:eu-central-1:1:detector/d1/finding/f1' },
      occurredAt: '2026-03-01T09:30:00.000Z',
      metadata: { event },
    });
  });

  test.each([
    ['aws.health', 'AWS Health Event', 'health.event', 'system'],
    ['aws.s3', 'Object Created', 's3.object_created', 'system'],
    ['aws.ec2', 'EC2 Instance State-change Notification', 'ec2.instance_state_change_notification', 'system'],
    ['aws.kms', 'KMS CMK Rotation', 'kms.cmk_rotation', 'system'],
    ['aws.access-analyzer', 'Access Analyzer Finding', 'access_analyzer.access_analyzer_finding', 'security'],
    ['aws.cloudtrail', 'AWS Insight via CloudTrail', 'cloudtrail.insight_via_cloudtrail', 'system'],
    ['aws.batch', 'AWS', 'batch.aws', 'system'],
  ])('%s / %s is %s (%s)', (source, detailType, action, category) => {
    expect(inputOf(busEvent({ source, 'detail-type': detailType }))).toMatchObject({ action, category });
  });

  test.each([
    [9.5, 'critical'],
    [7, 'high'],
    [4, 'medium'],
    [1, 'low'],
    ['HIGH', 'high'],
    ['INFORMATIONAL', 'info'],
    [{ description: 'Critical' }, 'critical'],
    [undefined, 'medium'],
  ])('a finding of severity %p is %s', (severity, expected) => {
    const detail = severity === undefined ? {} : { severity };
    expect(inputOf(busEvent({ source: 'aws.macie', detail })).severity).toBe(expected);
  });
});

describe('an event of an application', () => {
  test('becomes news of its source', () => {
    expect(inputOf(busEvent({}))).toMatchObject({
      action: 'com_acme_orders.order_placed',
      category: 'application',
      actor: { type: 'service', id: 'com.acme.orders' },
      description: 'com.acme.orders: Order Placed',
    });
  });

  test.each([
    ['bestellung', 'Größe geändert', 'bestellung.gr_e_ge_ndert'],
    ['注文', '作成', 'event.event'],
    ['3d-printer', 'PrintJobDONE', 'x_3d_printer.print_job_done'],
    ['x'.repeat(300), 'y'.repeat(300), `${'x'.repeat(60)}.${'y'.repeat(67)}`],
  ])('%s / %s is a valid action', (source, detailType, action) => {
    expect(inputOf(busEvent({ source, 'detail-type': detailType })).action).toBe(action);
  });
});

describe('an Audit Entry', () => {
  const entry = { action: 'customer.created', actor: { type: 'user', id: 'u1' } };
  const native = (detail: JsonObject) => busEvent({ 'detail-type': 'Audit Entry', detail });

  test('is taken as it is, with an id and the time of the event', () => {
    const { input, native: isNative } = observed(native(entry));
    expect(isNative).toBe(true);
    expect(input).toEqual({
      ...entry,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      occurredAt: '2026-03-01T09:30:00.000Z',
    });
  });

  test('keeps its own id and time', () => {
    const own = { ...entry, id: 'mine', occurredAt: '2026-02-28T00:00:00Z' };
    expect(inputOf(native(own))).toEqual(own);
  });

  test.each([
    ['number', { n: 2 ** 60 }],
    ['text', { s: '\ud800' }],
  ])('that JSON can not carry exactly (%s) is refused and not altered', (_, metadata) => {
    expect(() => observed(native({ ...entry, metadata }))).toThrow(expect.objectContaining({ code: 'inexact-entry' }));
  });
});

describe('delivered twice', () => {
  test('an event maps to the same entry, key and digest', () => {
    const event = busEvent({});
    expect(observed(structuredClone(event))).toEqual(observed(event));
    expect(observed(event).idempotencyKey).toBe(`event:${event.id}`);
  });

  test('a CloudTrail record maps to the same key, digest and id under another event id', () => {
    const [one, other] = [observed(trailEvent({})), observed({ ...trailEvent({}), id: 'another-event' })];
    expect(other.idempotencyKey).toBe(one.idempotencyKey);
    expect(other.digest).toEqual(one.digest);
    expect(other.input.id).toBe(one.input.id);
  });

  test('a CloudTrail record from another source does not stand in the way', () => {
    const imitation = { ...trailEvent({}), source: 'mallory.app' };
    expect(observed(imitation).idempotencyKey).not.toBe(observed(trailEvent({})).idempotencyKey);
  });

  test('the order of members does not matter to the digest', () => {
    const event = trailEvent({});
    const reversed = Object.fromEntries(Object.entries(event).reverse());
    expect(observed(reversed).digest).toEqual(observed(event).digest);
  });

  test('another event has another id, key and digest', () => {
    const [one, other] = [observed(busEvent({})), observed(busEvent({ id: 'another' }))];
    expect(other.input.id).not.toBe(one.input.id);
    expect(other.idempotencyKey).not.toBe(one.idempotencyKey);
    expect(other.digest).not.toEqual(one.digest);
  });
});

describe('what is no event', () => {
  test.each([
    ['null', null],
    ['an array', []],
    ['no id', busEvent({ id: '' })],
    ['no source', busEvent({ source: null })],
    ['no detail-type', busEvent({ 'detail-type': 7 })],
    ['no time', busEvent({ time: 'never' })],
    ['a detail that is no object', busEvent({ detail: [] })],
  ])('%s is refused', (_, event) => {
    expect(() => observed(event)).toThrow(expect.objectContaining({ name: 'Unmappable', code: 'not-an-event' }));
  });
});

describe('an original that an entry can not hold', () => {
  test('numbers beyond a double become text, and are listed', () => {
    const { metadata } = inputOf(busEvent({ detail: { n: 2 ** 60, huge: Number.POSITIVE_INFINITY } }));
    expect(metadata).toMatchObject({
      event: { detail: { n: '1152921504606847000', huge: 'Infinity' } },
      cut: [
        { pointer: '/detail/n', reason: 'number' },
        { pointer: '/detail/huge', reason: 'number' },
      ],
    });
  });

  test('lone surrogates are replaced, in names too, and are listed', () => {
    const { metadata } = inputOf(busEvent({ detail: { s: 'a\ud800', '\udfff': 1 } }));
    expect(metadata).toMatchObject({
      event: { detail: { s: 'a\ufffd', '\ufffd': 1 } },
      cut: [
        { pointer: '/detail/s', reason: 'text' },
        { pointer: '/detail/\ufffd', reason: 'text' },
      ],
    });
  });

  test('what is nested too deeply is removed, however deep', () => {
    const detail = JSON.parse(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`) as JsonObject;
    const { metadata } = inputOf(busEvent({ detail }));
    expect(metadata).toMatchObject({ cut: [{ reason: 'depth', pointer: `/detail/a${'/0'.repeat(NESTING - 4)}` }] });
  });

  test('a member named __proto__ stays a member', () => {
    const detail = JSON.parse('{"__proto__": {"admin": true}}') as JsonObject;
    const { event } = inputOf(busEvent({ detail })).metadata as { event: { detail: object } };
    expect(Object.keys(event.detail)).toEqual(['__proto__']);
    expect(event.detail).not.toHaveProperty('admin');
  });

  test('control characters do not reach the fields that people read', () => {
    expect(inputOf(trailEvent({ userAgent: 'curl\r\n\u0000FAKE: line' })).source).toMatchObject({
      userAgent: 'curl FAKE: line',
    });
  });
});
