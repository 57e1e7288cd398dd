// One entry by its position, for every route that begins with one.
import type { Reader } from '../../../core/access/reader.ts';
import { visibleTo } from '../../../core/access/visible.ts';
import { type EntryInChain, EntryLost, type ReadPorts, readEntry } from '../../../services/read/read.ts';
import { type ReadRecording, recordRead } from '../../../services/record/read.ts';
import type { Keeping } from '../../../services/search/port.ts';
import { Problem } from './problem.ts';

export interface OneEntryPorts extends ReadPorts {
  readonly keeping: Keeping;
}

/** An entry as it is for a reader: what is hidden from it is not there, and what has expired is gone. */
type Seen = { readonly kind: 'seen' | 'expired'; readonly found: EntryInChain } | { readonly kind: 'nothing' };

/** Throws EntryLost, and what reading the ledger and the archive throws. */
async function entrySeen(ports: OneEntryPorts, reader: Reader, chain: number, position: number): Promise<Seen> {
  const found = await readEntry(ports, reader.tenant, chain, position);
  if (found === undefined || !visibleTo(reader)(found)) return { kind: 'nothing' };
  const kept = await ports.keeping.kept(reader.tenant, [found]);
  return { kind: kept.length === 0 ? 'expired' : 'seen', found };
}

/**
 * The entry, or the problem that says why there is none. Looking for it in vain is recorded too, so that not even the time
 * that it takes tells the hidden from the missing. Throws Problem not-found, expired, and what entrySeen throws.
 */
export async function demandEntry(
  ports: OneEntryPorts & { readonly recording: ReadRecording },
  reader: Reader,
  chain: number,
  position: number,
): Promise<EntryInChain> {
  const vain = () =>
    recordRead(ports.recording, reader, {
      ...{ action: 'audit.entry_viewed', rows: 0 },
      target: { type: 'entry', reference: `${chain}/${position}` },
    });
  let seen: Seen;
  try {
    seen = await entrySeen(ports, reader, chain, position);
  } catch (error) {
    if (error instanceof EntryLost) await vain();
    throw error;
  }
  if (seen.kind === 'seen') return seen.found;
  await vain();
  if (seen.kind === 'expired') throw expired(seen.found);
  throw new Problem('not-found', `Chain ${chain} has no entry at ${position} in the hot window.`);
}

/** What is left of an entry: what proves that it was there. */
function expired({ chain, position, leafHash, previousLink, link }: EntryInChain): Problem {
  return new Problem('expired', `The entry at ${position} of chain ${chain} has expired under its retention.`, {
    members: { chain, position, leafHash, previousLink, link },
  });
}

/** Throws nothing: the problem that an EntryLost is to a client. */
export function lostProblem(error: EntryLost): Problem {
  const { chain, first, reason } = error.gap;
  const detail = `The entry at ${first} of chain ${chain} is not what was recorded, and the archive has none in its place.`;
  return new Problem('entry-lost', detail, { members: { chain, position: first, reason }, cause: error });
}
