/** Makes of files what the function serves: compressed beforehand, with their headers, and an index of it all. */
import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { type Encoding, SITE, type SiteEntry, type SiteIndex } from '../../names/site.ts';
import { policyText, type SiteFile } from './file.ts';

/** A function answers 6 MB at most, of which base64 is four thirds, and the headers are a few hundred bytes. */
const MAX_BODY_BYTES = ((6 * 1024 * 1024 - 16 * 1024) / 4) * 3;

/** What a year's worth of caching and two of HTTPS are in seconds. */
const YEAR_SECONDS = 31_536_000;

const FOR_ALL: Readonly<Record<string, string>> = {
  'strict-transport-security': `max-age=${2 * YEAR_SECONDS}`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  vary: 'accept-encoding',
};

/**
 * Files of the function's folder by their names. The same files give the same bytes. Throws for two files under one path,
 * and for one that is too large to be answered.
 */
export function prepareSite(files: readonly SiteFile[]): ReadonlyMap<string, Uint8Array> {
  const prepared = new Map<string, Uint8Array>();
  const index: Record<string, SiteEntry> = {};
  for (const file of files) {
    if (Object.hasOwn(index, file.path)) throw new Error(`got two files under ${file.path}, want one`);
    if (file.bytes.length > MAX_BODY_BYTES) {
      throw new Error(`got ${file.bytes.length} bytes under ${file.path}, want at most ${MAX_BODY_BYTES}`);
    }
    const sha256 = createHash('sha256').update(file.bytes).digest('hex');
    const bodies = encoded(file.bytes).map(([encoding, bytes]) => {
      const name = `${sha256}.${encoding}`;
      prepared.set(name, bytes);
      return [encoding, name] as const;
    });
    index[file.path] = { headers: headersOf(file), sha256, bodies: Object.fromEntries(bodies) as SiteEntry['bodies'] };
  }
  prepared.set(SITE.index, Buffer.from(JSON.stringify(index satisfies SiteIndex)));
  return prepared;
}

function headersOf({ type, immutable, policy = {} }: SiteFile): Record<string, string> {
  return {
    ...FOR_ALL,
    'content-type': type,
    'content-security-policy': policyText(policy, 'header'),
    // A page is asked for anew each time, and answered with its tag alone while it is the same.
    'cache-control': immutable === true ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache',
  };
}

/** As it is, and in what makes it smaller. */
function encoded(bytes: Uint8Array): (readonly [Encoding, Uint8Array])[] {
  const smaller: (readonly [Encoding, Uint8Array])[] = [
    ['br', brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } })],
    ['gzip', gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION })],
  ];
  return [['identity', bytes], ...smaller.filter(([, compressed]) => compressed.length < bytes.length)];
}
