// Touches of the protection, recorded as entries.
import { describe, expect, test } from '@jest/globals';
import { CATEGORIES } from '../../../core/catalog/categories.ts';
import { PERMANENT } from '../../../core/catalog/retention.ts';
import { severityOf } from '../../../core/catalog/severity.ts';
import { busEvent, inputOf, observed, trailEvent } from './events.ts';

const deletion = () =>
  trailEvent(
    {
      eventName: 'ScheduleKeyDeletion',
      eventSource: 'kms.amazonaws.com',
      requestParameters: { keyId: 'k1' },
      readOnly: false,
    },
    { source: 'aws.kms' },
  );
const guarded = (event = deletion()) => ({ guard: 'Keys', event });

describe('a touch of what protects the evidence', () => {
  test('is an entry that is critical and kept for ever, of whoever did it', () => {
    const event = deletion();
    expect(inputOf(guarded(event))).toMatchObject({
      ...{ action: 'audit.protection_touched', category: 'security_incident', severity: severityOf('security') },
      ...{ outcome: 'success', actor: { type: 'user', name: 'maya' }, source: { ip: '198.51.100.7' } },
      metadata: { event },
    });
    expect(CATEGORIES.get('security_incident')!.retention).toBe(PERMANENT);
  });

  test('is one beside the entry of the call itself, once however often it is told', () => {
    const [call, touch, again] = [observed(deletion()), observed(guarded()), observed(guarded())];
    expect(call.input.action).toBe('kms.schedule_key_deletion');
    expect([touch.idempotencyKey, touch.input.id]).toEqual([again.idempotencyKey, again.input.id]);
    expect(touch.idempotencyKey).toBe(`guard:${call.idempotencyKey}`);
    expect(touch.input.id).not.toBe(call.input.id);
    expect([touch.tenant, touch.recorder]).toEqual([call.tenant, call.recorder]);
  });

  test('that was refused says so', () => {
    const refused = trailEvent({ errorCode: 'AccessDenied', eventName: 'DeleteBucket', readOnly: false });
    expect(inputOf(guarded(refused))).toMatchObject({ outcome: 'denied', severity: 'critical' });
  });

  test('comes from KMS itself too', () => {
    const gone = busEvent({ source: 'aws.kms', 'detail-type': 'KMS CMK Deletion', detail: { 'key-id': 'k1' } });
    expect(inputOf(guarded(gone))).toMatchObject({ action: 'audit.protection_touched', severity: 'critical' });
  });

  test('is nothing that an event can make of itself', () => {
    const posing = busEvent({ guard: 'Keys', detail: { guard: 'Keys', event: deletion() } });
    expect(inputOf(posing)).toMatchObject({ category: 'application', severity: 'info' });
  });
});
