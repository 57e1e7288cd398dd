import type { Compression } from '../../core/block/block.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { chainName } from '../../core/chain.ts';
import { toHex } from '../../core/crypto.ts';
import { parseJson } from '../../core/json/parse.ts';
import { BlockMissing } from './errors.ts';
import type { BlockReader, RequestRecord, Run } from './port.ts';
import type { Receipt } from './request.ts';

/** The receipts of a settled request, derived again from the blocks that hold its entries: the same ones, byte for byte. */
export async function recallReceipts(
  tenant: string,
  record: RequestRecord,
  store: BlockReader,
  compression: Compression,
): Promise<readonly Receipt[]> {
  const runs = await Promise.all(record.runs.map((run) => recallRun(tenant, record.request, run, store, compression)));
  return runs.flat();
}

/**
 * The block has to say itself that it settled the request: a record that names another's entries would have this request
 * acknowledged, and its own entries nowhere.
 */
async function recallRun(
  tenant: string,
  request: string,
  run: Run,
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
