// Pages of a tenant's digests with their proofs.
import { CheckpointError } from '../../core/checkpoint/error.ts';
import { type OpenedCheckpoint, openCheckpoint } from '../../core/checkpoint/open.ts';
import { proveConsistency } from '../../core/merkle/prove.ts';
import { verifyConsistency, verifyInclusion } from '../../core/merkle/verify.ts';
import { NoteError } from '../../core/note/error.ts';
import { MAX_NOTE_BYTES } from '../../core/note/text.ts';
import { TileNodes } from '../../core/tiles/nodes.ts';
import { checkpointKey } from '../../names/log.ts';
import type { LoggedDigest } from '../log/digests.ts';
import { type LogPorts, openSeal, type PublishedSeal } from '../log/published.ts';
import { genuineAt } from '../log/versions.ts';
import { inParallel } from '../object-lock/parallel.ts';
import type { TenantDigests } from './digests.ts';
import { EvidenceFault } from './error.ts';

/** Objects that are read at the same time. */
const AT_ONCE = 8;

/** An answer has to fit Lambda's 6 MB, in which every quote of a digest's text counts four times. */
const MAX_PAGE_BYTES = 2_000_000;

/** Half a year of daily digests in one answer of some hundred kilobytes. */
export const MAX_DIGESTS = 200;

interface DigestWithProof extends LoggedDigest {
  readonly proof: readonly Uint8Array[];
}

interface ProvenSeal {
  readonly seal: number;
  readonly size: number;
  readonly root: Uint8Array;
  /** RFC 6962 consistency proof to the page's checkpoint. */
  readonly proof: readonly Uint8Array[];
}

export interface DigestPage {
  readonly digests: readonly DigestWithProof[];
  /** Those that made the page's digests. */
  readonly seals: readonly ProvenSeal[];
  /** Number of the page's last digest; undefined when there is none behind it. */
  readonly next: number | undefined;
}

/**
 * The published seal whose checkpoint has that size, from the newest one; undefined when no seal ended there. How pages
 * of one listing prove to one checkpoint while seals go on.
 */
export async function sealOfSize(
  newest: PublishedSeal,
  size: number,
  ports: LogPorts,
): Promise<PublishedSeal | undefined> {
  if (size === newest.checkpoint.size) return newest;
  if (size < 1 || size > newest.checkpoint.size) return undefined;
  const { digest } = await newest.log.at(size - 1);
  const found = await openSeal(digest.seal, ports);
  return found?.checkpoint.size === size ? found : undefined;
}

/**
 * The digests behind number `after`, at most `limit` of them, each with its way to the published checkpoint. All proofs
 * are verified before they are handed out: ProofError or EvidenceFault when what is stored does not make them.
 */
export async function digestPage(
  digests: TenantDigests,
  ports: LogPorts,
  after: number | undefined,
  limit: number,
): Promise<DigestPage> {
  const { page, next } = await numbered(digests, after, limit);
  return {
    digests: await each(page, (digest) => proven(digests, digest)),
    seals: await sealsOf(page, digests.published, ports),
    next,
  };
}

/** The digests of such a page, without the seals that made them. */
export async function provenDigests(
  digests: TenantDigests,
  after: number | undefined,
  limit = MAX_DIGESTS,
): Promise<Pick<DigestPage, 'digests' | 'next'>> {
  const { page, next } = await numbered(digests, after, limit);
  return { digests: await each(page, (digest) => proven(digests, digest)), next };
}

/** The seals that made the digests of such a page. */
export async function provenSeals(
  digests: TenantDigests,
  ports: LogPorts,
  after: number | undefined,
  limit = MAX_DIGESTS,
): Promise<Pick<DigestPage, 'seals' | 'next'>> {
  const { page, next } = await numbered(digests, after, limit);
  return { seals: await sealsOf(page, digests.published, ports), next };
}

async function numbered(digests: TenantDigests, after: number | undefined, limit: number) {
  const newest = await digests.newest();
  const from = after === undefined ? 0 : after + 1;
  if (newest === undefined || from > newest.digest.number) return { page: [], next: undefined };
  const last = Math.min(newest.digest.number, from + limit - 1);
  const wanted = Array.from({ length: last - from + 1 }, (_, i) => from + i);
  const page = within(MAX_PAGE_BYTES, await each(wanted, (number) => digests.at(number)));
  const end = page.at(-1)!.digest.number;
  return { page, next: end === newest.digest.number ? undefined : end };
}

/** As many as fit, and at least one. */
function within(maxBytes: number, digests: readonly LoggedDigest[]): readonly LoggedDigest[] {
  let bytes = digests[0]!.bytes.length;
  let end = 1;
  while (end < digests.length && bytes + digests[end]!.bytes.length <= maxBytes) bytes += digests[end++]!.bytes.length;
  return digests.slice(0, end);
}

async function proven(digests: TenantDigests, digest: LoggedDigest): Promise<DigestWithProof> {
  const proof = await digests.proofOf(digest);
  const { size, root } = digests.published.checkpoint;
  verifyInclusion({ index: digest.index, size, leafHash: digest.leaf, root }, proof);
  return { ...digest, proof };
}

async function sealsOf(
  page: readonly LoggedDigest[],
  published: PublishedSeal,
  ports: LogPorts,
): Promise<ProvenSeal[]> {
  const newer = published.checkpoint;
  const nodes = new TileNodes(published.log.tiles, newer.size);
  return each(page, async ({ digest: { seal } }) => {
    const older = seal === published.seal ? newer : await checkpointOf(seal, published, ports);
    const proof = await proveConsistency(nodes, older.size, newer.size);
    verifyConsistency({ older, newer }, proof);
    return { seal, size: older.size, root: older.root, proof };
  });
}

/**
 * The checkpoint of an earlier seal. Its signature does not say which seal's it is, so the last digest under it has to;
 * looked up in the published log, whose bundles neighbouring seals share.
 */
async function checkpointOf(
  seal: number,
  { checkpoint, log }: PublishedSeal,
  { store, policy }: LogPorts,
): Promise<OpenedCheckpoint> {
  const found = await genuineAt(store, checkpointKey(seal), MAX_NOTE_BYTES, async (note) => {
    const opened = openedOrNot(note, policy);
    if (opened === undefined || opened.size < 1 || opened.size >= checkpoint.size) return undefined;
    return (await log.at(opened.size - 1)).digest.seal === seal ? opened : undefined;
  });
  if (found !== undefined) return found;
  throw new EvidenceFault(`the checkpoint of seal ${seal} is not there`);
}

function openedOrNot(note: Uint8Array, policy: LogPorts['policy']): OpenedCheckpoint | undefined {
  try {
    return openCheckpoint(note, policy);
  } catch (error) {
    if (error instanceof NoteError || error instanceof CheckpointError) return undefined;
    throw error;
  }
}

async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  await inParallel([...items.entries()], AT_ONCE, async ([i, item]) => {
    results[i] = await work(item);
  });
  return results;
}
