// Where sealed positions are archived.
import { CONTENTS } from '../../core/documents/contents.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { listPlace } from '../../names/log.ts';
import type { EvidenceReader } from '../log/versions.ts';
import { headOf } from './chain.ts';
import type { TenantDigests } from './digests.ts';
import { readDocument } from './document.ts';
import { type KnownLists, readRuns, type SealedRun } from './lists.ts';

/**
 * Where the chain's sealed positions from `from` on are archived, in order, run by run; the first run may begin earlier.
 * Positions whose list is gone are passed over. `from` has to be sealed. What it reads follows from where it begins and
 * how far it is asked to go, not from how much there is. `lists` keeps what was parsed for the next call; without it, nothing is kept.
 */
export async function* sealedRuns(
  store: EvidenceReader,
  digests: TenantDigests,
  chain: number,
  from: number,
  lists?: KnownLists,
): AsyncGenerator<SealedRun> {
  const newest = (await digests.newest())!;
  const sealed = headOf(newest.digest, chain)?.size ?? 0;
  let number = 0;
  for (let position = from; position < sealed; ) {
    number = await covering(digests, chain, position, number, newest.digest.number);
    const { digest } = await digests.at(number);
    const contents = digest.contents && (await readDocument(store, CONTENTS, digest.contents));
    for (const ref of listsOf(contents?.segments ?? [], chain, position)) {
      const runs = await (lists?.of(store, ref) ?? readRuns(store, ref));
      if (runs !== undefined) yield* runs.from(position);
    }
    position = headOf(digest, chain)!.size;
  }
}

/**
 * Number of the digest that seals the position first: from `low` on in doubling steps, then by halves. `high` seals it.
 */
async function covering(
  digests: TenantDigests,
  chain: number,
  position: number,
  low: number,
  high: number,
): Promise<number> {
  const seals = async (number: number) => (headOf((await digests.at(number)).digest, chain)?.size ?? 0) > position;
  let below = low - 1;
  let found = high;
  for (let step = 1; below + step < found; step *= 2) {
    if (await seals(below + step)) found = below + step;
    else below += step;
  }
  while (found - below > 1) {
    const middle = below + Math.floor((found - below) / 2);
    if (await seals(middle)) found = middle;
    else below = middle;
  }
  return found;
}

/** The chain's lists, without those that end before the position. */
function listsOf(refs: readonly ObjectRef[], chain: number, position: number): readonly ObjectRef[] {
  const lists = refs
    .flatMap((ref) => {
      const place = listPlace(ref.key);
      return place?.chain === chain ? [{ ref, from: place.from }] : [];
    })
    .sort((a, b) => a.from - b.from);
  return lists.filter((_, i) => (lists[i + 1]?.from ?? Number.POSITIVE_INFINITY) > position).map(({ ref }) => ref);
}
