// The function site, with the folder that is deployed beside it.
import { fileURLToPath } from 'node:url';
import { SITE } from '../../../names/site.ts';
import { http } from '../shared/http.ts';
import { serveSite } from './site.ts';

export const handler = http('site', serveSite(fileURLToPath(new URL(`./${SITE.folder}`, import.meta.url))));
