// What the function site serves of the deployment's own: where people of the console sign in.
import { describe, expect, test } from '@jest/globals';
import { serveConsole } from '../../../functions/api/site/console.ts';
import { request } from './requests.ts';

const CONFIG = '{"issuer":"https://id.example"}';
const POLICY = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";
const page = {
  statusCode: 200,
  headers: { 'content-security-policy': POLICY, etag: '"a"' },
  body: 'eA==',
  isBase64Encoded: true,
};
const serve = (environment: Record<string, string>, answer: object = page) =>
  serveConsole(environment, () => answer as typeof page);
const asked = (rawPath: string) => ({ ...request({}), rawPath });
const ORIGINS = 'https://id.example https://login.example';

describe('the console’s own', () => {
  test('its configuration, for anyone and each time anew', () => {
    const answer = serve({ CONSOLE_CONFIG: CONFIG })(asked('/console-config.json'));
    expect(answer).toMatchObject({ statusCode: 200, body: CONFIG });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-cache' });
  });

  test('its page may ask the issuer too, and no other file may', () => {
    const site = serve({ CONSOLE_CONFIG: CONFIG, CONSOLE_ORIGINS: ORIGINS });
    expect(site(asked('/'))).toEqual({
      ...page,
      headers: {
        ...page.headers,
        'content-security-policy': `default-src 'none'; connect-src 'self' ${ORIGINS}; frame-ancestors 'none'`,
      },
    });
    expect(site(asked('/verify'))).toEqual(page);
    expect(serve({ CONSOLE_CONFIG: CONFIG })(asked('/'))).toEqual(page);
  });

  test('a page that has not changed says the same policy', () => {
    const site = serve(
      { CONSOLE_CONFIG: CONFIG, CONSOLE_ORIGINS: 'https://id.example' },
      { ...page, statusCode: 304, body: undefined },
    );
    expect(site(asked('/')).headers).toMatchObject({
      'content-security-policy': expect.stringContaining('https://id.example'),
    });
  });

  test('a function that was not told does not start', () => {
    expect(() => serve({})).toThrow('CONSOLE_CONFIG');
  });
});
