// Who calls, by the token's claims.
import { describe, expect, test } from '@jest/globals';
import { callerOf, recorderOf, requireRole } from '../../../functions/api/shared/caller.ts';
import { CLAIMS, request } from './requests.ts';

const caller = (claims: Record<string, unknown>) => callerOf(request({ claims }), CLAIMS);

describe('who calls', () => {
  test('is what the token says', () => {
    expect(caller({})).toEqual({
      tenant: 'acme',
      roles: ['writer'],
      subject: 'u-1',
      issuer: 'https://issuer.example.com',
    });
  });

  test('is the client where the token has no subject', () => {
    expect(caller({ sub: undefined, client_id: 'app' }).subject).toBe('app');
  });

  test.each([
    ['an array', ['writer', 'admin'], ['writer', 'admin']],
    ['an array as API Gateway prints it', '[writer admin]', ['writer', 'admin']],
    ['words', 'admin writer', ['writer', 'admin']],
    ['a role that does not exist', 'superuser', []],
    ['a role inside another word', 'ghostwriter', []],
    ['none', undefined, []],
  ])('has the roles of %s', (_, claim, roles) => {
    expect(caller({ [CLAIMS.role]: claim }).roles).toEqual(roles);
  });

  test.each([
    ['no tenant', { [CLAIMS.tenant]: undefined }],
    ['an empty tenant', { [CLAIMS.tenant]: '' }],
    ['a tenant that names a chain', { [CLAIMS.tenant]: 'acme#1' }],
    ['a tenant that is no text', { [CLAIMS.tenant]: ['acme'] }],
    ['nobody', { sub: undefined }],
    ['a subject that no entry can hold', { sub: 's'.repeat(2_049) }],
    ['a subject with a line feed', { sub: 'u-1\nadmin' }],
  ])('is refused with %s', (_, claims) => {
    expect(() => caller(claims)).toThrow(expect.objectContaining({ slug: 'incomplete-token', status: 403 }));
  });

  test('is refused without any claims', () => {
    const event = request();
    const bare = { ...event, requestContext: { ...event.requestContext, authorizer: undefined } };
    expect(() => callerOf(bare as never, CLAIMS)).toThrow(expect.objectContaining({ slug: 'incomplete-token' }));
  });
});

describe('the role', () => {
  test('that is allowed is found among several, and recorded', () => {
    const both = caller({ [CLAIMS.role]: 'admin writer' });
    expect(recorderOf(both, requireRole(both, ['writer']))).toEqual({
      type: 'token',
      id: 'u-1',
      issuer: 'https://issuer.example.com',
      role: 'writer',
    });
  });

  test.each(['admin', 'investigator', 'compliance', 'auditor', 'operator', undefined])('%s may not write', (role) => {
    expect(() => requireRole(caller({ [CLAIMS.role]: role }), ['writer'])).toThrow(
      expect.objectContaining({ slug: 'forbidden-role', status: 403 }),
    );
  });
});
