// The catalog of actions, put together from its parts.
import { CATEGORIES } from './categories.ts';
import type { CatalogEntry } from './code.ts';
import { ADMINISTRATION } from './codes/administration.ts';
import { AUDIT } from './codes/audit.ts';
import { IDENTITY } from './codes/identity.ts';
import { PORTALS } from './codes/portals.ts';
import { RECORDS } from './codes/records.ts';
import { SECURITY } from './codes/security.ts';
import { SYSTEM } from './codes/system.ts';

export { CATEGORIES, checkRetention, retentionOf } from './categories.ts';
export type { CatalogEntry, Source } from './code.ts';

/** Every action that the catalog knows, by its code. */
export const CATALOG: ReadonlyMap<string, CatalogEntry> = index([
  ...IDENTITY,
  ...RECORDS,
  ...ADMINISTRATION,
  ...PORTALS,
  ...SYSTEM,
  ...SECURITY,
  ...AUDIT,
]);

function index(entries: readonly CatalogEntry[]): Map<string, CatalogEntry> {
  const map = new Map<string, CatalogEntry>();
  for (const entry of entries) {
    if (map.has(entry.action)) throw new Error(`got ${entry.action} twice, want every action once in the catalog`);
    if (!CATEGORIES.has(entry.category)) throw new Error(`got the unknown category ${entry.category}`);
    map.set(entry.action, entry);
  }
  return map;
}
