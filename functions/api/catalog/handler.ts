// The Lambda function behind GET /v1/catalog.
import { ENTRY } from '../../../names/entry.ts';
import { readCatalog } from '../../shared/catalog.ts';
import { flag } from '../../shared/environment.ts';
import { readRetention } from '../../shared/retention.ts';
import { claimNames } from '../shared/caller.ts';
import { http } from '../shared/http.ts';
import { serveCatalog } from './catalog.ts';

const { env } = process;

export const handler = http(
  'catalog',
  serveCatalog({
    claims: claimNames(env),
    actions: readCatalog(env),
    retention: readRetention(env),
    strict: flag(env, ENTRY.strictCatalogEnv),
  }),
);
