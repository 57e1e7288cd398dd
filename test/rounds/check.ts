/** Holds what was acknowledged against what the ledger and the archive have. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { readLedger } from '../conformance/real-data/check.ts';
import type { Receipt } from '../e2e/client.ts';
import type { Runtime } from '../e2e/runtime.ts';
import { archiveBucket, archivedEntries, s3Of } from '../e2e/segments.ts';
import { TENANT } from './writers.ts';

const LEAF = Uint8Array.of(0);
const POLL_MS = 500;
/** The archive gathers for a second; when no position is new after so many looks, none is coming. */
const LOOKS_WITHOUT_NEWS = 120;

export interface Loss {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
}

/** Throws when a link of the ledger does not hold. */
export async function compare(runtime: Runtime, acknowledged: ReadonlyMap<string, Receipt>): Promise<Loss> {
  const lost = new Set<string>();
  const doubled = new Set<string>();
  const found = await ledgerPlaces(runtime, doubled);
  for (const { id, chain, position, leafHash } of acknowledged.values()) {
    if (found.get(id) !== `${chain}/${position} ${leafHash}`) lost.add(id);
  }
  await compareArchive(runtime, acknowledged, lost, doubled);
  return { lost: [...lost], doubled: [...doubled] };
}

/** Chain, position and leaf hash by id, of the whole ledger, every link re-derived. */
async function ledgerPlaces(runtime: Runtime, doubled: Set<string>): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { name, entries } of (await readLedger(runtime.awsUrl)).values()) {
    if (!name.startsWith(`${TENANT}#`)) continue;
    for (const [position, bytes] of entries.entries()) {
      const { id } = JSON.parse(bytes.toString('utf8')) as { id: string };
      const leaf = createHash('sha256').update(LEAF).update(bytes).digest('hex');
      if (found.has(id)) doubled.add(id);
      found.set(id, `${name.slice(TENANT.length + 1)}/${position} ${leaf}`);
    }
  }
  return found;
}

/** Waits until the archive has come as far as it comes. */
async function compareArchive(
  runtime: Runtime,
  acknowledged: ReadonlyMap<string, Receipt>,
  lost: Set<string>,
  doubled: Set<string>,
): Promise<void> {
  const s3 = s3Of(runtime);
  try {
    for (let last = -1, still = 0; ; ) {
      const archived = await archivedIds(s3, doubled);
      const missing = [...acknowledged.keys()].filter((id) => !archived.has(id));
      if (missing.length === 0) return;
      still = missing.length === last ? still + 1 : 0;
      last = missing.length;
      if (still < LOOKS_WITHOUT_NEWS) await sleep(POLL_MS);
      else return missing.forEach((id) => void lost.add(id));
    }
  } finally {
    s3.destroy();
  }
}

async function archivedIds(s3: ReturnType<typeof s3Of>, doubled: Set<string>): Promise<Set<string>> {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const names = Buckets.map(({ Name }) => Name ?? '');
  const bucket = await archiveBucket(s3, names).catch(() => undefined);
  const ids = new Set<string>();
  if (bucket === undefined) return ids;
  for (const { text } of await archivedEntries(s3, bucket, TENANT)) {
    const { id } = JSON.parse(text) as { id: string };
    if (ids.has(id)) doubled.add(id);
    ids.add(id);
  }
  return ids;
}
