// Segments of positions that no block ever had.
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { genesisLink, leafHash, nextLink, parseChainName } from '../../../core/chain.ts';
import type { Entry } from '../../../core/entry/schema.ts';
import { parseJson } from '../../../core/json/parse.ts';
import { sampleBytes } from '../../../test/support/ledger-stream.ts';
import type { Alarm, Expected, WorldMutation } from '../mutation.ts';
import type { World } from '../world.ts';
import { CHAIN, SIZE, verified } from './database-shape.ts';
import { keyAt, LONG } from './tools.ts';

const CATEGORY = 'data_access';

/** A whole segment of entries as the service makes them, which continue a chain. */
function plant(world: World, chain: string, position: number, link: Uint8Array): void {
  const { tenant, chain: number } = parseChainName(chain);
  const bytes = sampleBytes(tenant, { category: CATEGORY, recordedAt: world.now }, position);
  const leaf = leafHash(bytes);
  const entry = parseJson(bytes) as unknown as Entry;
  const day = entry.recordedAt.slice(0, 10);
  const hashes = { leafHash: leaf, link: nextLink(link, leaf), previousLink: link };
  const row = { position, bytes, ...hashes, entry, day };
  world.store.plant(keyAt(chain, CATEGORY, day, position), parquetSegments.encode(number, [row]), {}, LONG);
}

function unbacked(
  name: string,
  does: string,
  chain: string,
  position: number,
  strike: WorldMutation['strike'],
): WorldMutation {
  const alarm: Alarm = { kind: 'short', reason: 'unbacked', chain, position };
  const seal = { alarms: [alarm], healed: true };
  const said = verified(seal, 'nothing but the truth was sealed');
  return {
    ...{ name, attacker: 's3', does, after: 'day-4-archived', strike },
    expected: { seal, incremental: said, full: said, bundle: said, trusted: said },
  };
}

/** It has no digest that could say so; that it has segments and no seal is found when one is overdue. */
const NO_TENANT: Expected = { verdict: 'incomplete', at: [{ code: 'tenant-unsealed', tenant: 'ghost' }] };

export const S3_UNBACKED: readonly WorldMutation[] = [
  unbacked('segment-planted-beyond-the-end', 'puts a segment that continues a chain', CHAIN, SIZE, async (world) =>
    plant(world, CHAIN, SIZE, world.ledger.head(CHAIN)!.link),
  ),
  unbacked('segment-planted-of-a-new-chain', 'puts a segment that begins a chain', 'acme#5', 0, (world) =>
    plant(world, 'acme#5', 0, genesisLink('acme#5')),
  ),
  {
    ...{ name: 'segment-planted-of-no-tenant', attacker: 's3', after: 'day-3-archived' },
    does: 'puts a segment of a tenant that nobody has',
    strike: (world) => plant(world, 'ghost#0', 0, genesisLink('ghost#0')),
    expected: {
      seal: { alarms: [{ kind: 'short', reason: 'unbacked', chain: 'ghost#0', position: 0 }], healed: true },
      ...{ incremental: NO_TENANT, full: NO_TENANT },
    },
  },
];
