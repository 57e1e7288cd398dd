/** Answers of the issuer, with the headers that each kind needs. */
import type { GatewayResponse } from '../http/event.ts';

export function json(status: number, value: unknown): GatewayResponse {
  return respond(status, 'application/json', JSON.stringify(value));
}

export function text(status: number, value: string): GatewayResponse {
  return respond(status, 'text/plain;charset=utf-8', `${value}\n`);
}

/** The form's answer is a redirect to the client, which form-action has to allow. */
export function html(value: string): GatewayResponse {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
  const answer = respond(200, 'text/html;charset=utf-8', value);
  return { ...answer, headers: { ...answer.headers, 'content-security-policy': policy, 'x-frame-options': 'DENY' } };
}

/** `cookie`: a Set-Cookie header. */
export function redirect(location: URL, cookie?: string): GatewayResponse {
  const headers = { location: location.href, 'cache-control': 'no-store' };
  return {
    status: 303,
    headers: cookie === undefined ? headers : { ...headers, 'set-cookie': [cookie] },
    body: Buffer.alloc(0),
  };
}

function respond(status: number, contentType: string, body: string): GatewayResponse {
  const headers = { 'content-type': contentType, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  return { status, headers, body: Buffer.from(body) };
}
