// GET /openapi.json: the description of the API.
import { describeApi } from '../operations/document.ts';
import { OPEN_OPERATIONS } from '../operations/log.ts';
import { API_OPERATIONS } from '../operations/operations.ts';
import { http, json } from '../shared/http.ts';
import { byRoute } from '../shared/routes.ts';

const description = JSON.stringify(describeApi(API_OPERATIONS));

/** Another deployment may say something else, and soon. */
const FOR_MINUTES = { 'cache-control': 'public, max-age=300' };

const { method, path } = OPEN_OPERATIONS.readOpenApi;

export const handler = http(
  'openapi',
  byRoute(OPEN_OPERATIONS, { [`${method} ${path}`]: async () => json(200, description, FOR_MINUTES) }),
);
