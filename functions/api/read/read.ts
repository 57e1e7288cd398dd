// GET of one entry by its place.
import type { Reader } from '../../../core/access/reader.ts';
import { entryWithIntegrity } from '../../../core/entry/with-integrity.ts';
import type { Gap } from '../../../core/gap/gap.ts';
import { StoreUnavailable } from '../../../services/append/port.ts';
import { type EntryInChain, EntryLost } from '../../../services/read/read.ts';
import { recordRead } from '../../../services/record/read.ts';
import { ENTRY_OPERATIONS } from '../operations/entries.ts';
import { PlaceInPath } from '../operations/schemas.ts';
import { type HttpEvent, type HttpResponse, json, unexpected } from '../shared/http.ts';
import { refuseUnknownParameters } from '../shared/known-parameters.ts';
import { demandEntry, lostProblem, type OneEntryPorts } from '../shared/one-entry.ts';
import { pathOf } from '../shared/parameters.ts';
import { Problem } from '../shared/problem.ts';
import { type ReadingPorts, reading } from '../shared/reading.ts';
import type { Answers } from '../shared/routes.ts';

export interface Read extends ReadingPorts, OneEntryPorts {
  /** Told of an entry that the ledger has lost and the archive has. */
  readonly onGap: (gap: Gap) => void;
}

const placeOf = ({ tenant }: Reader, { chain, position }: EntryInChain) => ({
  ...{ tenant, chain, first: position, last: position },
});

/** GET /v1/chains/{chain}/entries/{position}, in the caller's own tenant: the path can't name another. */
export function read(ports: Read): Answers {
  const answers = reading(ports, 'readEntry', (event, reader) => answer(ports, event, reader));
  return async (event) => {
    refuseUnknownParameters(event, ENTRY_OPERATIONS.readEntry);
    return answers(event);
  };
}

async function answer(ports: Read, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { chain, position } = pathOf(event, PlaceInPath);
  const found = await demandEntry(ports, reader, chain, position);
  await recordRead(ports.recording, reader, {
    ...{ action: 'audit.entry_viewed', rows: 1 },
    target: { type: 'entry', reference: `${chain}/${position}`, id: found.entry.id },
  });
  if (found.recovered !== undefined)
    ports.onGap({ ...placeOf(reader, found), reason: found.recovered, recovered: true });
  return json(200, Buffer.from(entryWithIntegrity(found.bytes, found)).toString('utf8'));
}

const RETRY_AFTER_SECONDS = 1;

export function readProblem(error: unknown): Problem {
  if (error instanceof StoreUnavailable) {
    return new Problem('unavailable', 'The ledger can not be read now.', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      cause: error,
    });
  }
  if (error instanceof EntryLost) return lostProblem(error);
  return unexpected(error);
}
