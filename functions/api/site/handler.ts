// The function site, with the folder that is deployed beside it.
import { fileURLToPath } from 'node:url';
import { SITE } from '../../../names/site.ts';
import { http } from '../shared/http.ts';
import { serveConsole } from './console.ts';
import { serveSite } from './site.ts';

const files = serveSite(fileURLToPath(new URL(`./${SITE.folder}`, import.meta.url)));

export const handler = http('site', serveConsole(process.env, files));
