// Whose entry an event becomes.
import { describe, expect, test } from '@jest/globals';
import { busEvent, observed, trailEvent } from './events.ts';

const urn = (tenant: string) => `urn:indelible:tenant:${tenant}`;

describe('whose entry an event becomes', () => {
  test.each([
    ['the system tenant by default', busEvent({}), 'system'],
    ['the one that the event names', busEvent({ resources: ['arn:x', urn('globex')] }), 'globex'],
    ['the same one, named twice', busEvent({ resources: [urn('globex'), urn('globex')] }), 'globex'],
    ['the one that the source is bound to', busEvent({ source: 'com.acme.billing' }), 'acme'],
    ['the bound one, named too', busEvent({ source: 'com.acme.billing', resources: [urn('acme')] }), 'acme'],
    ['the system tenant for AWS', trailEvent({}), 'system'],
    ['the system tenant for AWS, whatever its resources say', trailEvent({}, { resources: [urn('globex')] }), 'system'],
    ['the system tenant for a source named like a member of objects', busEvent({ source: 'toString' }), 'system'],
  ])('%s', (_, event, tenant) => {
    expect(observed(event).tenant).toBe(tenant);
  });

  test.each([
    ['foreign-tenant', busEvent({ source: 'com.acme.billing', resources: [urn('globex')] })],
    ['several-tenants', busEvent({ resources: [urn('acme'), urn('globex')] })],
    ['bad-tenant', busEvent({ resources: [urn('a#0')] })],
    ['bad-tenant', busEvent({ resources: [urn('')] })],
  ])('nobody’s: %s', (code, event) => {
    expect(() => observed(event)).toThrow(expect.objectContaining({ code }));
  });
});
