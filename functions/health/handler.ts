import { http, json } from '../shared/http.ts';

/** The API, its routes and this deployment serve. It asks nothing of the ledger: anyone may call it, at no cost. */
export const handler = http('health', () => json(200, '{"status":"ok"}'));
