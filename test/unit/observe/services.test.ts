// What every call has in common: actions without versions, one form of a resource, sign-ins.
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../core/json/value.ts';
import { inputOf, trailEvent } from './events.ts';

const ACCOUNT = '111122223333';
const iam = (path: string) => `arn:aws:iam::${ACCOUNT}:${path}`;
test('an API version is no part of the action', () => {
  const action = (eventName: string) => inputOf(trailEvent({ eventSource: 'lambda.amazonaws.com', eventName })).action;
  expect(action('UpdateFunctionCode20150331v2')).toBe('lambda.update_function_code');
  expect(action('UpdateFunctionCode20150331')).toBe(action('UpdateFunctionCode'));
  expect(action('GetDistribution2020_05_31')).toBe('lambda.get_distribution');
});

test('one resource is the same by name, by ARN and in the list of resources; another account’s is not', () => {
  const target = (request: JsonObject, more: JsonObject = {}) =>
    inputOf(trailEvent({ eventSource: 'iam.amazonaws.com', eventName: 'GetRole', requestParameters: request, ...more }))
      .target;
  const role = { type: 'iam:role', id: 'reader' };
  expect(target({ roleName: 'reader' })).toEqual(role);
  expect(target({ roleArn: iam('role/team/reader') })).toEqual(role);
  expect(target({}, { resources: [{ ARN: iam('role/reader') }] })).toEqual(role);
  const foreign = 'arn:aws:iam::999988887777:role/reader';
  expect(target({ roleArn: foreign })).toEqual({ type: 'iam:role', id: foreign });
});

describe('console sign-ins', () => {
  const signIn = (MFAUsed: string, type = 'IAMUser', result = 'Success') =>
    inputOf(
      trailEvent({
        ...{
          eventSource: 'signin.amazonaws.com',
          eventName: 'ConsoleLogin',
          eventType: 'AwsConsoleSignIn',
          readOnly: false,
        },
        ...{ requestParameters: null, responseElements: { ConsoleLogin: result }, additionalEventData: { MFAUsed } },
        userIdentity: { type, principalId: 'AIDA1', userName: 'eve', arn: iam('user/eve') },
      }),
    ).severity;

  test('without a second factor are high, with one or a federation medium, of root critical', () => {
    expect(signIn('No')).toBe('high');
    expect(signIn('Yes')).toBe('medium');
    expect(signIn('No', 'AssumedRole')).toBe('medium');
    expect(signIn('No', 'Root')).toBe('critical');
    expect(signIn('No', 'IAMUser', 'Failure')).toBe('medium');
  });
});
