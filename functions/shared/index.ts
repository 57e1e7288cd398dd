// Facets and table of the index, out of the environment.
import type { IndexTable } from '../../adapters/dynamodb/index-item.ts';
import { FACETS, type Facet, INDEX } from '../../names/index.ts';
import { configurationOf } from '../../services/index/configuration.ts';
import { type Environment, EnvironmentError, requiredText } from './environment.ts';

/** The facets that are indexed beside time. */
export function indexedFacets(environment: Environment): readonly Facet[] {
  const text = requiredText(environment, INDEX.facetsEnv);
  let facets: unknown;
  try {
    facets = JSON.parse(text);
  } catch (cause) {
    throw new EnvironmentError(`got ${INDEX.facetsEnv} that is not JSON`, { cause });
  }
  const known = (facet: unknown): facet is Facet => typeof facet === 'string' && Object.hasOwn(FACETS, facet);
  if (Array.isArray(facets) && facets.every(known)) return facets;
  throw new EnvironmentError(`got ${INDEX.facetsEnv} that is no list of ${Object.keys(FACETS).join(', ')}`);
}

/** The index of these facets, for whoever writes or reads it. */
export function indexTable(environment: Environment): IndexTable {
  return {
    indexTable: requiredText(environment, INDEX.tableEnv),
    configuration: configurationOf(indexedFacets(environment)),
  };
}
