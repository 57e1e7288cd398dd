// Routes below /log: the digest log as C2SP tlog-tiles has it.
import { formatVerifierKey } from '../../../core/note/key.ts';
import { encodeEntryBundle } from '../../../core/tiles/entry-bundle.ts';
import { TileError } from '../../../core/tiles/error.ts';
import { type LogPath, parsePath } from '../../../core/tiles/path.ts';
import { tileOf } from '../../../core/tiles/shape.ts';
import { PATHS } from '../../../names/api.ts';
import { CHECKPOINT_AGE_SECONDS, type ServedLog } from '../../../services/prove/log.ts';
import { OPEN_OPERATIONS } from '../operations/log.ts';
import { binary, compressible } from '../shared/content.ts';
import type { HttpEvent, HttpResponse } from '../shared/http.ts';
import { Problem } from '../shared/problem.ts';
import { type Answers, byRoute } from '../shared/routes.ts';

export interface LogOptions {
  readonly log: ServedLog;
  /** Whether everybody may read the digests of all tenants. */
  readonly publicEntries: boolean;
}

const BYTES = 'application/octet-stream';
const TEXT = 'text/plain; charset=utf-8';

/** C2SP tlog-tiles: tiles never change. */
const FOR_EVER = { 'cache-control': 'public, max-age=31536000, immutable' };
const FOR_SECONDS = { 'cache-control': `public, max-age=${CHECKPOINT_AGE_SECONDS}` };
/** Keys are added once in years; who waits for a new one does not want to wait for long. */
const FOR_MINUTES = { 'cache-control': 'public, max-age=300' };

/** The digest log as C2SP tlog-tiles serves one, to everybody. */
export function serveLog(options: LogOptions): Answers {
  return byRoute(OPEN_OPERATIONS, {
    [`GET ${PATHS.logCheckpoint}`]: () => checkpoint(options),
    [`GET ${PATHS.logKeys}`]: () => keys(options),
    [`GET ${PATHS.logTile}`]: (event) => tile(event, options),
  });
}

async function checkpoint({ log }: LogOptions): Promise<HttpResponse> {
  const newest = await log.newest();
  if (newest === undefined) throw new Problem('not-found', 'Nothing is sealed yet.');
  return text(Buffer.from(newest.note).toString('utf8'), FOR_SECONDS);
}

async function keys({ log }: LogOptions): Promise<HttpResponse> {
  const lines = (await log.keys()).map((key) => `${formatVerifierKey(key)}\n`);
  return text(lines.join(''), FOR_MINUTES);
}

function text(body: string, headers: Readonly<Record<string, string>>): HttpResponse {
  return { statusCode: 200, headers: { 'content-type': TEXT, ...headers }, body };
}

async function tile(event: HttpEvent, { log, publicEntries }: LogOptions): Promise<HttpResponse> {
  const path = `tile/${event.pathParameters?.proxy ?? ''}`;
  const named = parsed(path);
  if ('bundle' in named) {
    if (publicEntries) return bundle(event, log, named.bundle);
    const detail =
      'Entries are the digests of all tenants. The deployment serves hash tiles to everybody, entries to nobody.';
    throw new Problem('private-entries', detail);
  }
  const bytes = await (await log.newest())?.log.tiles.read(path);
  if (bytes === undefined) throw absent();
  return binary(BYTES, bytes, FOR_EVER);
}

async function bundle(
  event: HttpEvent,
  log: ServedLog,
  { index, width }: { readonly index: number; readonly width: number },
): Promise<HttpResponse> {
  const newest = await log.newest();
  const there = newest && tileOf(0, index, newest.log.size);
  if (newest === undefined || there === undefined || width > there.width) throw absent();
  const entries = await newest.log.entries(index);
  return compressible(event, BYTES, encodeEntryBundle(entries.slice(0, width)), FOR_EVER);
}

function absent(): Problem {
  return new Problem('not-found', 'The tree of the newest checkpoint has no such tile.');
}

function parsed(path: string): LogPath {
  try {
    return parsePath(path);
  } catch (cause) {
    if (!(cause instanceof TileError)) throw cause;
    throw new Problem('invalid-path', 'The path is not one of C2SP tlog-tiles.', { cause });
  }
}
