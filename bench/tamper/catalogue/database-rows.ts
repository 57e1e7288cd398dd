// Mutations of the database: rows of chains and of requests.
import { sha256 } from '../../../core/crypto.ts';
import type { ReceiptRun } from '../../../services/append/port.ts';
import type { WorldMutation } from '../mutation.ts';
import type { World } from '../world.ts';
import { before, CHAIN, evidenceOf, healed, MIDDLE, RANDOM } from './database-shape.ts';

/** What the tables say beside blocks: how far chains are archived, which requests are settled, when TTL comes. */
export const DATABASE_ROWS: readonly WorldMutation[] = [
  before('time-to-live-lowered', 'has the hot window end at once, before the archive comes', healed(), expireAll),
  before('time-to-live-lowered-later', 'has the hot window end before the seal', healed(), expireAll, 'day-4-archived'),
  before(
    'chain-row-ahead',
    'says that a chain is archived further than it is',
    healed(),
    row({ through: 9_000 }),
    'day-4-archived',
  ),
  before(
    'chain-row-back',
    'says that a chain is archived less far than it is',
    healed(),
    row({ through: 100, position: 0, count: 100 }),
    'day-4-archived',
  ),
  before('chain-row-of-no-chain', 'says that there is a chain which nobody wrote to', healed(), (world) =>
    invent(world, 'acme#9'),
  ),
  before('chain-row-of-no-tenant', 'says that there is a tenant who recorded nothing', healed(), (world) =>
    invent(world, 'ghost#0'),
  ),
  before('chain-row-malformed', 'puts a row whose key is no chain', healed(), (world) => invent(world, 'acme#007')),
  before(
    'chain-row-removed',
    'has the archive forget a chain whose first blocks have expired',
    healed(evidenceOf('row')),
    (world) => void world.chains.rows.delete(CHAIN),
  ),
  before(
    'chain-row-link-forged',
    'says that the archive ends in another link',
    healed(evidenceOf('row')),
    row({ link: RANDOM }),
  ),
  before(
    'chain-row-leads-astray',
    'has the next writer go on where nothing is',
    healed(evidenceOf('row')),
    row({ position: 9_999, count: 1, link: RANDOM }),
    'expired-2',
  ),
  requestForged(
    'request-row-forged',
    'says of a request that it was settled by other entries, so that it is acknowledged and never recorded',
    [{ chain: 0, position: MIDDLE, count: 1, block: MIDDLE }],
  ),
  requestForged('request-row-empty', 'says of a request that it was settled by no entries at all', []),
  requestForged('request-row-of-no-chain', 'says of a request that a chain has it which no tenant has', [
    { chain: 99, position: 0, count: 1, block: 0 },
  ]),
];

function expireAll(world: World): void {
  for (const chain of world.ledger.chainNames) {
    for (const { position } of world.ledger.blocks(chain)) world.ledger.expire(chain, position);
  }
}

function row(change: object) {
  return ({ chains }: World) => {
    const { state, version } = chains.rows.get(CHAIN)!;
    chains.rows.set(CHAIN, { state: { ...state, ...change }, version });
  };
}

function invent({ chains }: World, chain: string): void {
  const state = { through: 50, ahead: {}, position: 0, count: 50, link: RANDOM };
  chains.rows.set(chain, { state, version: 1 });
}

/**
 * A request's row that says it was settled by entries of somebody else: whoever sends the request must not be told that
 * it was recorded.
 */
function requestForged(name: string, does: string, runs: readonly ReceiptRun[]): WorldMutation {
  const [key, digest] = ['order-1', sha256(Uint8Array.of(1))];
  const owner = 'token:app';
  const request = `acme#${owner}#${key}`;
  return {
    ...{ name, does, attacker: 'database', after: 'day-4-archived' },
    async strike(world) {
      world.ledger.requests.set(request, { request, digest, runs, recordedAt: world.now });
      const entries = world.prepare('acme', [{ category: 'security', count: 1 }]);
      const told = await world.recording.ledger
        .append({ tenant: 'acme', entries, idempotency: { owner, key, digest } })
        .catch(() => undefined);
      if (told !== undefined)
        throw new Error(`acknowledged position ${told[0]?.position} for an entry that is nowhere`);
    },
    expected: { seal: healed() },
  };
}
