// Finds the newest published state of the digest log.
import { equalBytes, fromHex, sha256 } from '../../core/crypto.ts';
import { PLAN, type Plan } from '../../core/documents/plan.ts';
import { TileError } from '../../core/tiles/error.ts';
import { readTile } from '../../core/tiles/reader.ts';
import { TILE_WIDTH } from '../../core/tiles/shape.ts';
import { planKey } from '../../names/log.ts';
import { type LogPorts, latestSeal, type PublishedSeal } from '../log/published.ts';
import { type EvidenceReader, genuineAt } from '../log/versions.ts';
import type { SealedLog } from './port.ts';
import { SealedEvidenceFault } from './sealed.ts';

/** The log as the newest public checkpoint has it; undefined before the first. */
export async function newestSealedLog(ports: LogPorts): Promise<SealedLog | undefined> {
  const published = await latestSeal(ports);
  return published === undefined ? undefined : sealedLog(published, ports.store);
}

/** Its tenants are those of the plan whose hash every digest of the seal has. */
async function sealedLog({ seal, log, last }: PublishedSeal, store: EvidenceReader): Promise<SealedLog> {
  const wanted = fromHex(last.digest.plan);
  const key = planKey(seal);
  const plan = await genuineAt(store, key, PLAN.maxBytes, (bytes): Plan | undefined =>
    equalBytes(sha256(bytes), wanted) ? PLAN.parse(bytes) : undefined,
  );
  if (plan === undefined) throw new SealedEvidenceFault(`${key}: got no version that the seal's digests name`);
  return {
    seal,
    tenants: plan.tenants.map(({ tenant }) => tenant),
    async leafHash(index) {
      if (index >= log.size) return undefined;
      try {
        return (await readTile(log.tiles, 0, Math.floor(index / TILE_WIDTH), log.size))[index % TILE_WIDTH];
      } catch (error) {
        if (error instanceof TileError) return undefined;
        throw error;
      }
    },
  };
}
