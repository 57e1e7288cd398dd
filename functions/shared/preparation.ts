// How the deployment turns what it is sent into entries, out of the environment.
import type { CatalogEntry } from '../../core/catalog/catalog.ts';
import type { Limits } from '../../core/limits.ts';
import { compileRedaction } from '../../core/redact/configure.ts';
import type { RedactionPolicy } from '../../core/redact/policy.ts';
import { ENTRY } from '../../names/entry.ts';
import { readCatalog } from './catalog.ts';
import { type Environment, flag, jsonObject } from './environment.ts';
import { readLimits } from './limits.ts';

/** How this deployment turns what it is sent into entries. */
export interface Preparation {
  readonly strict: boolean;
  readonly catalog: ReadonlyMap<string, CatalogEntry>;
  readonly redaction: RedactionPolicy;
  readonly limits: Limits;
}

export function readPreparation(environment: Environment): Preparation {
  return {
    strict: flag(environment, ENTRY.strictCatalogEnv),
    catalog: readCatalog(environment),
    redaction: compileRedaction(jsonObject(environment, ENTRY.redactionEnv)),
    limits: readLimits(environment),
  };
}
