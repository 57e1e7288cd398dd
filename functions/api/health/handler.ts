// GET /v1/health.
import { http, json } from '../shared/http.ts';
import { refuseUnknownParameters } from '../shared/known-parameters.ts';

/** The API, its routes and this deployment serve. It asks nothing of the ledger: anyone may call it, at no cost. */
export const handler = http('health', (event) => {
  // As its operation says, whose schemas would make up most of this function.
  refuseUnknownParameters(event, { name: 'readHealth', open: true });
  return json(200, '{"status":"ok"}');
});
