// Every operation of the API, in the order of the document.
import { BUNDLE_OPERATIONS } from './bundles.ts';
import { CATALOG_OPERATIONS } from './catalog.ts';
import { ENTRY_OPERATIONS } from './entries.ts';
import { EVIDENCE_OPERATIONS } from './evidence.ts';
import { EXPORT_OPERATIONS } from './exports.ts';
import { HOLD_OPERATIONS } from './holds.ts';
import { OPEN_OPERATIONS } from './log.ts';
import type { Operation } from './operation.ts';
import { QUERY_OPERATIONS } from './queries.ts';
import { SEARCH_OPERATIONS } from './search.ts';
import { VERIFICATION_OPERATIONS } from './verifications.ts';

/** Every route of the API, in the order in which they are described. */
export const API_OPERATIONS: readonly Operation[] = [
  ENTRY_OPERATIONS,
  SEARCH_OPERATIONS,
  EVIDENCE_OPERATIONS,
  QUERY_OPERATIONS,
  EXPORT_OPERATIONS,
  BUNDLE_OPERATIONS,
  HOLD_OPERATIONS,
  VERIFICATION_OPERATIONS,
  CATALOG_OPERATIONS,
  OPEN_OPERATIONS,
].flatMap((operations): Operation[] => Object.values(operations));
