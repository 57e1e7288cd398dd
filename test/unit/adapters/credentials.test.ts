// Credentials from the environment.
import { expect, test } from '@jest/globals';
import { defaultProvider, fromEnvironment } from '../../../adapters/credentials.ts';

const ROLE = { AWS_ACCESS_KEY_ID: 'EXAMPLEKEY1', AWS_SECRET_ACCESS_KEY: 'example', AWS_SESSION_TOKEN: 'session' };

test('the credentials are those of the environment', () => {
  const credentials = { accessKeyId: 'EXAMPLEKEY1', secretAccessKey: 'example', sessionToken: 'session' };
  expect(fromEnvironment(ROLE)).toEqual(credentials);
});

test.each(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])('without %s a request fails, loudly', (key) => {
  expect(() => fromEnvironment({ ...ROLE, [key]: '' })).toThrow(
    expect.objectContaining({ name: 'CredentialsMissing' }),
  );
});

test('a long-lived key has no session token', () => {
  const { AWS_SESSION_TOKEN: _, ...user } = ROLE;
  expect(fromEnvironment(user)).not.toHaveProperty('sessionToken');
});

test('the provider has the shape of the one that it replaces', () => {
  expect(defaultProvider()).toBeInstanceOf(Function);
});
