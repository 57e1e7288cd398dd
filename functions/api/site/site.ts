/** Pages and files from a folder that was prepared (lib/site/prepare.ts). They hold nothing of a tenant: anyone may have them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENCODINGS, type Encoding, SITE, type SiteEntry, type SiteIndex } from '../../../names/site.ts';
import { takes } from '../shared/content.ts';
import type { HttpEvent, HttpResponse } from '../shared/http.ts';
import { Problem } from '../shared/problem.ts';

/**
 * Serves the folder. What follows a question mark is the page's own business and changes nothing here. Throws at once where
 * the folder has no index, since such a function serves nothing.
 */
export function serveSite(folder: string): (event: HttpEvent) => HttpResponse {
  const index = JSON.parse(readFileSync(join(folder, SITE.index), 'utf8')) as SiteIndex;
  // In base64 as they are answered; the folder bounds them.
  const bodies = new Map<string, string>();
  const bodyOf = (name: string): string => {
    const known = bodies.get(name);
    if (known !== undefined) return known;
    const body = readFileSync(join(folder, name)).toString('base64');
    bodies.set(name, body);
    return body;
  };
  return (event) => {
    const entry = Object.hasOwn(index, event.rawPath) ? index[event.rawPath] : undefined;
    if (entry === undefined) throw new Problem('not-found', 'There is no such page or file.');
    const [encoding, name] = chosen(event, entry);
    const headers = { ...entry.headers, etag: `"${entry.sha256}-${encoding}"` };
    if (tagsOf(event).includes(headers.etag)) return { statusCode: 304, headers };
    return {
      statusCode: 200,
      headers: encoding === 'identity' ? headers : { ...headers, 'content-encoding': encoding },
      body: bodyOf(name),
      isBase64Encoded: true,
    };
  };
}

function chosen(event: HttpEvent, { bodies }: SiteEntry): [Encoding, string] {
  for (const encoding of ENCODINGS) {
    const name = bodies[encoding];
    if (name !== undefined && encoding !== 'identity' && takes(event, encoding)) return [encoding, name];
  }
  return ['identity', bodies.identity];
}

/** RFC 9110, section 13.1.2; whether a tag is called weak makes no difference to it. */
function tagsOf(event: HttpEvent): string[] {
  const sent = event.headers?.['if-none-match'] ?? '';
  return sent.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
}
