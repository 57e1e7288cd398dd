import type { Reader } from '../../core/access/reader.ts';
import { visibleTo } from '../../core/access/visible.ts';
import type { Compression } from '../../core/block/block.ts';
import { BlockError } from '../../core/block/error.ts';
import type { Entry } from '../../core/entry/schema.ts';
import { type BlockReader, StoreUnavailable } from '../../services/append/port.ts';
import { type EntryInChain, readEntry } from '../../services/read/read.ts';
import { recordRead } from '../../services/record/read.ts';
import { PlaceInPath } from '../shared/api/schemas.ts';
import { type HttpEvent, type HttpResponse, json, unexpected } from '../shared/http.ts';
import { pathOf } from '../shared/parameters.ts';
import { Problem } from '../shared/problem.ts';
import { type ReadingPorts, reading } from '../shared/reading.ts';
import type { Answers } from '../shared/routes.ts';

export interface Read extends ReadingPorts {
  readonly store: BlockReader;
  readonly compression: Compression;
}

/** GET /v1/chains/{chain}/entries/{position}, in the caller's own tenant: the path can't name another. */
export function read(ports: Read): Answers {
  return reading(ports, 'readEntry', (event, reader) => answer(ports, event, reader));
}

async function answer(ports: Read, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { chain, position } = pathOf(event, PlaceInPath);
  const found = await readEntry(ports, reader.tenant, chain, position);
  const entry = found?.entry as Entry | undefined;
  const seen = found !== undefined && visibleTo(reader)({ entry: entry!, bytes: found.bytes });
  // What was asked for in vain is recorded too, so that not even the time that it takes tells the hidden from the missing.
  await recordRead(ports.recording, reader, {
    action: 'audit.entry_viewed',
    rows: seen ? 1 : 0,
    target: { type: 'entry', reference: `${chain}/${position}`, ...(seen ? { id: entry!.id } : {}) },
  });
  if (!seen) throw new Problem('not-found', `Chain ${chain} has no entry at ${position} in the hot window.`);
  return json(200, withExactBytes(found));
}

/** The entry stands in the answer byte for byte as it was hashed, so a client can check the leaf hash without parsing. */
function withExactBytes({ bytes, chain, position, leafHash, previousLink, link }: EntryInChain): string {
  const integrity = JSON.stringify({ chain, position, leafHash, previousLink, link });
  return `{"entry":${Buffer.from(bytes).toString('utf8')},${integrity.slice(1)}`;
}

const RETRY_AFTER_SECONDS = 1;

export function readProblem(error: unknown): Problem {
  if (error instanceof StoreUnavailable) {
    return new Problem('unavailable', 'The ledger can not be read now.', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      cause: error,
    });
  }
  if (error instanceof BlockError) {
    return new Problem('not-intact', 'The block that holds this position was altered.', { cause: error });
  }
  return unexpected(error);
}
