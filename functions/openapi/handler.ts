import { describeApi } from '../shared/api/document.ts';
import { API_OPERATIONS } from '../shared/api/operations.ts';
import { http, json } from '../shared/http.ts';

const description = JSON.stringify(describeApi(API_OPERATIONS));

/** Another deployment may say something else, and soon. */
const FOR_MINUTES = { 'cache-control': 'public, max-age=300' };

export const handler = http('openapi', () => json(200, description, FOR_MINUTES));
