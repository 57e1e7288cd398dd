// GET /v1/catalog: every action and category of the deployment, with what the caller's tenant keeps them for.
import { rolesOf } from '../../../core/access/policy.ts';
import { CATEGORIES, type CatalogEntry } from '../../../core/catalog/catalog.ts';
import type { RetentionPolicy } from '../../../services/archive/context.ts';
import { CATALOG_OPERATIONS } from '../operations/catalog.ts';
import { type ClaimNames, callerOf, requireRole } from '../shared/caller.ts';
import { type HttpEvent, type HttpResponse, json } from '../shared/http.ts';
import { type Answers, byRoute } from '../shared/routes.ts';

export interface CatalogApi {
  readonly claims: ClaimNames;
  readonly actions: ReadonlyMap<string, CatalogEntry>;
  readonly retention: RetentionPolicy;
  readonly strict: boolean;
}

export function serveCatalog(api: CatalogApi): Answers {
  const { method, path } = CATALOG_OPERATIONS.readCatalog;
  return byRoute(CATALOG_OPERATIONS, { [`${method} ${path}`]: async (event) => catalog(event, api) });
}

function catalog(event: HttpEvent, { claims, actions, retention, strict }: CatalogApi): HttpResponse {
  const caller = callerOf(event, claims);
  requireRole(caller, rolesOf('readCatalog'));
  const categories = [...CATEGORIES.values()].map(({ name, labels, severity }) => ({
    ...{ name, labels, severity, retention: retention(caller.tenant, name) },
  }));
  return json(200, JSON.stringify({ strict, categories, actions: [...actions.values()] }));
}
