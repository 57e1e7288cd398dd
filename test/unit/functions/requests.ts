// Requests as API Gateway hands them to functions.
import type { HttpEvent } from '../../../functions/api/shared/http.ts';

export const CLAIMS = { tenant: 'custom:tenant', role: 'custom:role', cases: 'custom:cases' } as const;

interface Sent {
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly path?: Readonly<Record<string, string>>;
  readonly base64?: boolean;
}

/** A request as API Gateway hands it to a function (HTTP API, payload 2.0), its token already verified. */
export function request({ body, headers, claims, path, base64 = false }: Sent = {}): HttpEvent {
  const event = {
    version: '2.0',
    routeKey: 'POST /v1/entries',
    rawPath: '/v1/entries',
    rawQueryString: '',
    headers: { 'content-type': 'application/json', ...headers },
    pathParameters: path,
    requestContext: {
      accountId: '111122223333',
      apiId: 'api',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: { method: 'POST', path: '/v1/entries', protocol: 'HTTP/1.1', sourceIp: '198.51.100.7', userAgent: 'test' },
      requestId: 'req-1',
      routeKey: 'POST /v1/entries',
      stage: '$default',
      time: '01/Mar/2026:09:30:00 +0000',
      timeEpoch: 1_772_357_400_000,
      authorizer: {
        principalId: 'p',
        integrationLatency: 1,
        jwt: {
          claims: {
            sub: 'u-1',
            iss: 'https://issuer.example.com',
            [CLAIMS.tenant]: 'acme',
            [CLAIMS.role]: 'writer',
            ...claims,
          },
          scopes: [],
        },
      },
    },
    body,
    isBase64Encoded: base64,
  };
  return event as unknown as HttpEvent;
}

/** Enough of a Lambda context for middy. */
export const CONTEXT = { getRemainingTimeInMillis: () => 10_000 } as never;
