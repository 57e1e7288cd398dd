// The catalog of a deployment: the built-in one, and its own codes out of the environment.
import { inflateRawSync } from 'node:zlib';
import { CATALOG, type CatalogEntry } from '../../core/catalog/catalog.ts';
import { readOwnCodes, withOwnCodes } from '../../core/catalog/own.ts';
import { ENTRY } from '../../names/entry.ts';
import { type Environment, EnvironmentError } from './environment.ts';

/** Throws EnvironmentError for codes that configuration would have refused. */
export function readCatalog(environment: Environment): ReadonlyMap<string, CatalogEntry> {
  const packed = environment[ENTRY.catalogEnv];
  if (packed === undefined || packed === '') return CATALOG;
  const { codes, faults } = readOwnCodes(unpacked(packed), CATALOG);
  const [fault] = faults;
  if (fault === undefined) return withOwnCodes(CATALOG, codes);
  throw new EnvironmentError(
    `got ${JSON.stringify(fault.got)} for ${fault.action} in ${ENTRY.catalogEnv}, want ${fault.want}`,
  );
}

function unpacked(packed: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString('utf8'));
  } catch (cause) {
    throw new EnvironmentError(`got ${ENTRY.catalogEnv} that is no deflated JSON in Base64`, { cause });
  }
}
