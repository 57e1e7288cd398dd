// Proves one entry to the newest checkpoint.
import { fromHex, toHex } from '../../core/crypto.ts';
import type { ChainHead } from '../../core/documents/digest.ts';
import { proveInclusion } from '../../core/merkle/prove.ts';
import { encodeBase64 } from '../../core/note/base64.ts';
import type { EntryProof } from '../../core/proof/document.ts';
import { verifyLeafProof } from '../../core/proof/verify.ts';
import { TileNodes } from '../../core/tiles/nodes.ts';
import { readTile } from '../../core/tiles/reader.ts';
import { TILE_WIDTH } from '../../core/tiles/shape.ts';
import { formatTlogProof } from '../../core/tlog-proof/proof.ts';
import type { LoggedDigest } from '../log/digests.ts';
import type { LogPorts } from '../log/published.ts';
import { chainTiles, headOf } from './chain.ts';
import type { TenantDigests } from './digests.ts';

/** Why there is no proof yet: the chain is sealed up to `size` only, and the next seal is due by then. */
export interface Unsealed {
  readonly size: number;
  /** Undefined when the tenant has no digest yet. */
  readonly nextBy: string | undefined;
}

/**
 * The proof of a position to the newest checkpoint. It is verified before it is handed out: throws what verifyLeafProof
 * does, or a TileError, when the evidence that is stored does not make one.
 */
export async function proveEntry(
  { store, policy }: LogPorts,
  digests: TenantDigests,
  chain: number,
  position: number,
): Promise<EntryProof | Unsealed> {
  const newest = await digests.newest();
  const head = newest && headOf(newest.digest, chain);
  if (newest === undefined || head === undefined || position >= head.size) {
    return { size: head?.size ?? 0, nextBy: newest?.digest.nextBy };
  }
  const proof: EntryProof = {
    ...{ v: 1, kind: 'entry-proof', tenant: digests.tenant, chain, position },
    ...(await inChain(store, digests.tenant, head, position)),
    ...(await inLog(digests, newest)),
  };
  verifyLeafProof(proof, policy.logKeys);
  return proof;
}

async function inChain(
  store: LogPorts['store'],
  tenant: string,
  head: ChainHead,
  position: number,
): Promise<Pick<EntryProof, 'leafHash' | 'inclusion'>> {
  const { size } = head;
  const tiles = chainTiles(store, tenant, head);
  const leaves = await readTile(tiles, 0, Math.floor(position / TILE_WIDTH), size);
  const proof = await proveInclusion(new TileNodes(tiles, size), position, size);
  return {
    leafHash: toHex(leaves[position % TILE_WIDTH]!),
    inclusion: { size, root: encodeBase64(fromHex(head.root)), proof: proof.map(encodeBase64) },
  };
}

async function inLog(
  digests: TenantDigests,
  newest: LoggedDigest,
): Promise<Pick<EntryProof, 'digest' | 'log' | 'checkpoint' | 'tlogProof'>> {
  const { checkpoint, note } = digests.published;
  const { index, bytes } = newest;
  const hashes = await digests.proofOf(newest);
  const tlogProof = formatTlogProof({ extra: undefined, index, hashes, checkpoint: note });
  return {
    digest: textOf(bytes),
    log: {
      index,
      size: checkpoint.size,
      root: encodeBase64(checkpoint.root),
      proof: hashes.map(encodeBase64),
    },
    checkpoint: textOf(note),
    tlogProof: textOf(tlogProof),
  };
}

/** Of bytes that are known to be UTF-8; a byte order mark is part of what was signed. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}
