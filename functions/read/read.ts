import type { Compression } from '../../core/block/block.ts';
import { BlockError } from '../../core/block/error.ts';
import { MAX_CHAINS } from '../../core/chain.ts';
import { type BlockReader, StoreUnavailable } from '../../services/append/port.ts';
import { type EntryInChain, readEntry } from '../../services/read/read.ts';
import { type ClaimNames, callerOf, ENTRY_READERS, requireRole } from '../shared/caller.ts';
import { type HttpEvent, type HttpResponse, json, unexpected } from '../shared/http.ts';
import { pathNumber } from '../shared/numbers.ts';
import { Problem } from '../shared/problem.ts';

export interface Read {
  readonly store: BlockReader;
  readonly compression: Compression;
  readonly claims: ClaimNames;
}

/** GET /v1/chains/{chain}/entries/{position}, in the caller's own tenant: the path can't name another. */
export function read({ store, compression, claims }: Read) {
  return async (event: HttpEvent): Promise<HttpResponse> => {
    const caller = callerOf(event, claims);
    requireRole(caller, ENTRY_READERS);
    const chain = pathNumber(event, 'chain', MAX_CHAINS - 1);
    const position = pathNumber(event, 'position', Number.MAX_SAFE_INTEGER);
    const found = await readEntry({ store, compression }, caller.tenant, chain, position);
    if (found === undefined)
      throw new Problem('not-found', `Chain ${chain} has no entry at ${position} in the hot window.`);
    return json(200, withExactBytes(found));
  };
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
