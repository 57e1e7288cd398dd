// The command `user add`, against what Cognito's API takes and answers.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EXIT } from '../../../cli/exit.ts';
import { user } from '../../../cli/user.ts';

let server: Server;
let url: string;
let issuer: string;
let asked: { target: string; body: Record<string, unknown> }[];
let refusal: object | undefined;
const before = { ...process.env };

beforeEach(async () => {
  issuer = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123';
  asked = [];
  refusal = undefined;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method === 'GET') return response.end(JSON.stringify({ issuer }));
    const target = String(request.headers['x-amz-target']);
    asked.push({ target, body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.statusCode = refusal === undefined ? 200 : 400;
    const found = { User: { Username: 'u', Attributes: [{ Name: 'sub', Value: 'sub-1' }] } };
    return response.end(JSON.stringify(refusal ?? found));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  process.env = { ...before };
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const values = (own: object = {}) => ({ tenant: 'acme', role: 'compliance, admin', url, 'aws-url': url, ...own });
const failure = async (own: object, arguments_ = ['add', 'ann@example.com']) =>
  user(values(own), arguments_).then(
    () => undefined,
    (error: unknown) => error,
  );

test('adds a person to the pool that issues the deployment’s tokens, and has the password sent by email', async () => {
  expect(await user(values({ cases: 'c-1 c-2' }), ['add', 'ann@example.com'])).toBe(EXIT.ok);
  expect(asked).toEqual([
    {
      target: 'AWSCognitoIdentityProviderService.AdminCreateUser',
      body: {
        UserPoolId: 'eu-central-1_AbCdEf123',
        Username: 'ann@example.com',
        DesiredDeliveryMediums: ['EMAIL'],
        UserAttributes: [
          { Name: 'email', Value: 'ann@example.com' },
          { Name: 'email_verified', Value: 'true' },
          { Name: 'custom:tenant', Value: 'acme' },
          { Name: 'custom:role', Value: 'compliance admin' },
          { Name: 'custom:cases', Value: 'c-1 c-2' },
        ],
      },
    },
  ]);
});

describe('says what is wrong', () => {
  test.each<[object, string[], RegExp]>([
    [{}, ['remove', 'ann@example.com'], /^user takes 'add EMAIL/],
    [{}, ['add'], /^user takes/],
    [{}, ['add', 'ann'], /^user takes/],
    [{}, ['add', 'a@b', 'c@d'], /^user takes/],
    [{ tenant: undefined }, ['add', 'a@b'], /--tenant is missing/],
    [{ role: undefined }, ['add', 'a@b'], /^--role takes writer, admin/],
    [{ role: 'emperor' }, ['add', 'a@b'], /^--role takes/],
  ])('%j %j', async (own, arguments_, message) => {
    expect(await failure(own, arguments_)).toMatchObject({
      exitCode: EXIT.usage,
      message: expect.stringMatching(message),
    });
    expect(asked).toEqual([]);
  });

  test('of a deployment whose issuer is none of AWS’s', async () => {
    issuer = 'https://id.example.com/';
    expect(await failure({})).toMatchObject({
      exitCode: EXIT.usage,
      message: expect.stringContaining('issued by https://id.example.com/, which is no user pool'),
    });
  });

  test('of somebody who is there, and of a refusal', async () => {
    refusal = { __type: 'UsernameExistsException', message: 'User account already exists' };
    expect(await failure({})).toMatchObject({
      exitCode: EXIT.refused,
      message: 'there is a user of this address already',
    });
    refusal = { __type: 'InvalidParameterException', message: 'no\u001b[2J' };
    expect(await failure({})).toMatchObject({
      exitCode: EXIT.unreachable,
      message: 'the user pool did not take the user: InvalidParameterException: no\\u001b[2J',
    });
  });
});
