// The types of this API.
import { describeApi } from '../../functions/api/operations/document.ts';
import { API_OPERATIONS } from '../../functions/api/operations/operations.ts';
import { type ApiDescription, typesOf } from './openapi-types.ts';

/** What console/api/operations.ts has to hold. */
export function apiTypes(): string {
  // Through JSON, as a client reads it: schemas carry members that are not written.
  return typesOf(JSON.parse(JSON.stringify(describeApi(API_OPERATIONS))) as ApiDescription);
}
