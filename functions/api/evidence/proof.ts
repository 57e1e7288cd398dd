// GET of the proof of one entry, up to a signed checkpoint.
import { rolesOf } from '../../../core/access/policy.ts';
import type { Reader } from '../../../core/access/reader.ts';
import { visibleTo } from '../../../core/access/visible.ts';
import { chainName } from '../../../core/chain.ts';
import { recordedEntry } from '../../../core/entry/recorded.ts';
import { ENTRY_PROOF } from '../../../core/proof/document.ts';
import { sealedBody } from '../../../services/prove/bodies.ts';
import { proveEntry, type Unsealed } from '../../../services/prove/entry.ts';
import { EntryLost, readEntry } from '../../../services/read/read.ts';
import { recordRead } from '../../../services/record/read.ts';
import { NO_RECOVERY } from '../../../services/search/port.ts';
import { PlaceInPath } from '../operations/schemas.ts';
import { isWhole } from '../shared/access.ts';
import { type HttpResponse, json } from '../shared/http.ts';
import { pathOf } from '../shared/parameters.ts';
import { Problem } from '../shared/problem.ts';
import type { Asked } from './asked.ts';

/** GET /v1/chains/{chain}/entries/{position}/proof */
export async function proof(asked: Asked): Promise<HttpResponse> {
  const { event, tenant, reader, ports, newest, digestsOf } = asked;
  const { chain, position } = pathOf(event, PlaceInPath);
  const shown = mayHaveAnyProof(reader) || (await isVisible(asked, chain, position));
  const target = { type: 'entry', reference: `${chain}/${position}` };
  await recordRead(ports.recording, reader, { action: 'audit.proof_viewed', rows: 0, target });
  if (!shown) throw nothingThere(chain, position);
  const nothing: Unsealed = { size: 0, nextBy: undefined };
  const found = newest === undefined ? nothing : await proveEntry(ports, digestsOf(newest), chain, position);
  if ('kind' in found) return json(200, Buffer.from(ENTRY_PROOF.format(found)).toString('utf8'));
  const block = await ports.blocks.blockBefore(chainName(tenant, chain), position);
  if (block === undefined || position >= block.position + block.count) {
    throw nothingThere(chain, position);
  }
  throw unsealed(chain, position, found, ports.now());
}

const nothingThere = (chain: number, position: number) =>
  new Problem('not-found', `Chain ${chain} has no entry at ${position}.`);

/** A proof is hashes; who may have all of a chain's may have it of entries that have expired, or that nobody may read. */
function mayHaveAnyProof(reader: Reader): boolean {
  return rolesOf('readTile').some((role) => role === reader.role) && isWhole(reader);
}

/** To others there is a proof only of what they can see. Bodies are in the hot window, in the archive, or gone. */
async function isVisible(
  { ports, reader, newest, digestsOf, lists }: Asked,
  chain: number,
  position: number,
): Promise<boolean> {
  const hot = await hotBytes(ports, reader.tenant, chain, position);
  const bytes = hot ?? (newest && (await sealedBody({ ...ports, lists }, digestsOf(newest), chain, position)));
  const entry = bytes && recordedEntry(bytes, reader.tenant);
  return bytes !== undefined && entry !== undefined && visibleTo(reader)({ entry, bytes });
}

/** A proof is of what is sealed: that the ledger has lost an entry does not keep anybody from the proof of it. */
async function hotBytes(ports: Asked['ports'], tenant: string, chain: number, position: number) {
  try {
    // What is not in the ledger is looked for in the archive by the caller.
    const ledger = { store: ports.blocks, recovery: NO_RECOVERY, hotWindowMs: 0, now: () => ports.now().getTime() };
    return (await readEntry({ ...ledger, compression: ports.compression }, tenant, chain, position))?.bytes;
  } catch (error) {
    if (error instanceof EntryLost) return undefined;
    throw error;
  }
}

function unsealed(chain: number, position: number, { size, nextBy }: Unsealed, now: Date): Problem {
  const seconds = nextBy === undefined ? undefined : Math.ceil((Date.parse(nextBy) - now.getTime()) / 1_000);
  return new Problem(
    'not-sealed',
    `Chain ${chain} is sealed up to ${size}, and ${position} will be with the next seal.`,
    {
      members: { sealed: size, nextBy: nextBy ?? null },
      ...(seconds === undefined ? {} : { retryAfterSeconds: Math.max(1, seconds) }),
    },
  );
}
