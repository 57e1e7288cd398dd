// Credentials of requests to the local endpoint.
import { describe, expect, test } from '@jest/globals';
import { readCredential } from '../../../../local/aws/credential.ts';
import { Refusal } from '../../../../local/aws/refusal.ts';

const NOW = Date.UTC(2026, 2, 1, 12, 0, 0);
const SIGNATURE = 'a'.repeat(64);
const SCOPE = 'AKID/20260301/us-east-1/s3/aws4_request';

const header = (scope = SCOPE, signed = 'host;x-amz-date') =>
  `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=${signed}, Signature=${SIGNATURE}`;

function read(headers: Record<string, string>, query = ''): unknown {
  try {
    return readCredential({ headers, query: new URLSearchParams(query) }, NOW);
  } catch (error) {
    if (error instanceof Refusal) return `${error.status} ${error.code}`;
    throw error;
  }
}

const signed = (more: Record<string, string> = {}) => ({
  authorization: header(),
  'x-amz-date': '20260301T120000Z',
  ...more,
});

describe('an Authorization header', () => {
  test('names key, region and service', () => {
    expect(read(signed())).toEqual({ accessKeyId: 'AKID', region: 'us-east-1', service: 's3' });
  });

  test.each<[string, Record<string, string>, string]>([
    ['of another form', signed({ authorization: 'Bearer x' }), '400 AuthorizationHeaderMalformed'],
    ['of signature version 2', signed({ authorization: 'AWS AKID:c2ln' }), '400 InvalidRequest'],
    [
      'without a signature',
      signed({ authorization: `AWS4-HMAC-SHA256 Credential=${SCOPE}, SignedHeaders=host` }),
      '400 AuthorizationHeaderMalformed',
    ],
    [
      'that does not sign the host',
      signed({ authorization: header(SCOPE, 'x-amz-date') }),
      '400 AuthorizationHeaderMalformed',
    ],
    [
      'with a scope that is too short',
      signed({ authorization: header('AKID/us-east-1/s3/aws4_request') }),
      '400 AuthorizationHeaderMalformed',
    ],
    [
      'with a scope of another day',
      signed({ authorization: header('AKID/20260302/us-east-1/s3/aws4_request') }),
      '400 AuthorizationHeaderMalformed',
    ],
    ['without a date', { authorization: header() }, '403 AccessDenied'],
    ['16 minutes old', signed({ 'x-amz-date': '20260301T114400Z' }), '403 RequestTimeTooSkewed'],
    ['16 minutes ahead', signed({ 'x-amz-date': '20260301T121600Z' }), '403 RequestTimeTooSkewed'],
  ])('%s is refused', (_, headers, want) => expect(read(headers)).toBe(want));

  test('none is an anonymous request', () => expect(read({})).toBeUndefined());
});

describe('a presigned query', () => {
  const query = (more: Record<string, string | undefined> = {}) => {
    const parts: Record<string, string | undefined> = {
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': SCOPE,
      'X-Amz-Date': '20260301T110000Z',
      'X-Amz-Expires': '7200',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': SIGNATURE,
      ...more,
    };
    return new URLSearchParams(
      Object.entries(parts).filter((pair): pair is [string, string] => pair[1] !== undefined),
    ).toString();
  };

  test('names key, region and service until it expires', () => {
    expect(read({}, query())).toEqual({ accessKeyId: 'AKID', region: 'us-east-1', service: 's3' });
    expect(read({}, query({ 'X-Amz-Expires': '3600' }))).toEqual({
      accessKeyId: 'AKID',
      region: 'us-east-1',
      service: 's3',
    });
    expect(read({}, query({ 'X-Amz-Expires': '3599' }))).toBe('403 AccessDenied');
  });

  test.each<[string, string, string]>([
    ['for more than a week', query({ 'X-Amz-Expires': '604801' }), '400 AuthorizationQueryParametersError'],
    ['for no time', query({ 'X-Amz-Expires': '0' }), '400 AuthorizationQueryParametersError'],
    ['without a signature', query({ 'X-Amz-Signature': undefined }), '400 AuthorizationQueryParametersError'],
    ['of another algorithm', query({ 'X-Amz-Algorithm': 'NONE' }), '400 AuthorizationQueryParametersError'],
    ['from the future', query({ 'X-Amz-Date': '20260301T121600Z' }), '403 AccessDenied'],
    ['of signature version 2', 'AWSAccessKeyId=AKID&Signature=x&Expires=1', '400 InvalidRequest'],
  ])('%s is refused', (_, text, want) => expect(read({}, text)).toBe(want));

  test('beside a header is refused', () => expect(read(signed(), query())).toBe('400 InvalidArgument'));
});
