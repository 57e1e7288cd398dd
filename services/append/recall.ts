// Derives the receipts of a request again that was written before.
import type { Compression } from '../../core/block/block.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { chainName, MAX_CHAINS } from '../../core/chain.ts';
import { toHex } from '../../core/crypto.ts';
import { parseJson } from '../../core/json/parse.ts';
import { MAX_BLOCK_ENTRIES } from '../../core/limits.ts';
import { BlockMissing, RequestNotIntact } from './errors.ts';
import type { BlockReader, ReceiptRun, RequestRecord } from './port.ts';
import type { Receipt } from './request.ts';

/** A request that was settled before, and how many entries it has. */
export interface Settled {
  readonly tenant: string;
  readonly record: RequestRecord;
  readonly count: number;
}

/**
 * The receipts of a settled request, derived again from the blocks that hold its entries: the same ones, byte for byte.
 * Throws RequestNotIntact for a record that can't be of this request, BlockMissing and BlockError for its blocks.
 */
export async function recallReceipts(
  { tenant, record, count }: Settled,
  store: BlockReader,
  compression: Compression,
): Promise<readonly Receipt[]> {
  if (!isRecordOf(record, count)) throw new RequestNotIntact();
  const runs = await Promise.all(record.runs.map((run) => recallRun(tenant, record.request, run, store, compression)));
  return runs.flat();
}

/** One request's entries follow each other in one chain, through as many blocks as it took. */
function isRecordOf({ runs }: RequestRecord, count: number): boolean {
  const [first] = runs;
  if (first === undefined) return false;
  let { position } = first;
  for (const run of runs) {
    const inBlock = run.block >= 0 && run.block <= run.position && run.count >= 1 && run.count <= MAX_BLOCK_ENTRIES;
    const follows = run.chain === first.chain && run.position === position;
    if (!inBlock || !follows) return false;
    position += run.count;
  }
  return first.chain >= 0 && first.chain < MAX_CHAINS && position - first.position === count;
}

/**
 * The block has to say itself that it settled the request: a record that names another's entries would have this request
 * acknowledged, and its own entries nowhere.
 */
async function recallRun(
  tenant: string,
  request: string,
  run: ReceiptRun,
  store: BlockReader,
  compression: Compression,
): Promise<Receipt[]> {
  const name = chainName(tenant, run.chain);
  const block = await store.blockBefore(name, run.block);
  const start = run.position - run.block;
  const settled = block?.position === run.block && block.requests.includes(request);
  if (!settled || block.count < start + run.count) throw new BlockMissing(name, run.block);
  const { entries, leafHashes, links } = decodeBlock(block, compression);
  return entries.slice(start, start + run.count).map((bytes, i) => {
    const { id, recordedAt } = parseJson(bytes) as unknown as { id: string; recordedAt: string };
    const at = start + i;
    return {
      id,
      chain: run.chain,
      position: run.position + i,
      leafHash: toHex(leafHashes[at]!),
      link: toHex(links[at]!),
      recordedAt,
    };
  });
}
