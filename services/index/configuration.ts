// Names the index that a choice of facets makes.
import { ADMINISTRATIVE_CATEGORIES } from '../../core/access/policy.ts';
import { sha256 } from '../../core/crypto.ts';
import { FACETS, type Facet } from '../../names/index.ts';

/** What rows mean: another coding, another cut or another choice of values is another index. */
const INDEX_FORMAT = 2;

/** 48 bits tell apart the few configurations that a deployment ever has. */
const NAME_BYTES = 6;

/**
 * Names the index that a choice of facets makes, whatever their order. It is in every key, so that an index of other facets
 * starts empty and is never taken for complete (docs/index.md, "Configuration").
 */
export function configurationOf(facets: readonly Facet[]): string {
  const paths = [...new Set(facets)].sort().map((facet) => [facet, FACETS[facet]]);
  const digest = sha256(new TextEncoder().encode(JSON.stringify([INDEX_FORMAT, paths, ADMINISTRATIVE_CATEGORIES])));
  return Buffer.from(digest.subarray(0, NAME_BYTES)).toString('base64url');
}
