// Rows that say that blocks are archived which never were, so that nobody looks for them.
import { genesisLink } from '../../../core/chain.ts';
import type { ChainState } from '../../../services/archive/port.ts';
import type { Alarm, WorldMutation } from '../mutation.ts';
import type { World } from '../world.ts';
import { before, CHAIN, DAY, evidenceOf, healed, LAST, RANDOM } from './database-shape.ts';
import { blockAt } from './tools.ts';

const ROW = evidenceOf('row');

/** Alarms for blocks that somebody removed himself; TTL's removal rings none. */
type Removal = 'remove' | 'expire';
const REMOVED: Readonly<Record<Removal, readonly Alarm[]>> = { remove: [evidenceOf('remove')], expire: [] };

function forge({ chains }: World, change: Partial<ChainState>, chain = CHAIN): void {
  const row = chains.rows.get(chain);
  const state = row?.state ?? { through: 0, ahead: {}, position: 0, count: 0, link: genesisLink(chain) };
  chains.rows.set(chain, { state: { ...state, ...change }, version: row?.version ?? 1 });
}

function trueEnd(world: World): Partial<ChainState> {
  const { position, count, link } = blockAt(world, CHAIN, LAST);
  return { position, count, link, through: position + count };
}

function drop(world: World, how: Removal, from: number): void {
  for (const { position } of world.ledger.blocks(CHAIN)) if (position >= from) world.ledger[how](CHAIN, position);
}

function lost(name: string, does: string, how: Removal, from: number, row: (world: World) => Partial<ChainState>) {
  return before(name, does, healed(ROW, ...REMOVED[how]), (world) => {
    forge(world, row(world));
    drop(world, how, from);
  });
}

/** Between the ledger's stream and the archive. */
export const DATABASE_LOST: readonly WorldMutation[] = [
  lost(
    'chain-row-at-true-end-block-removed',
    'says that a chain is archived to its true end, and removes the newest block before it is',
    ...(['remove', LAST, trueEnd] as const),
  ),
  lost(
    'chain-row-at-true-end-block-expired',
    'does the same and has TTL remove the block, which rings no alarm',
    ...(['expire', LAST, trueEnd] as const),
  ),
  lost(
    'chain-row-at-true-end-day-expired',
    'says that a whole day is archived, and has TTL remove it before it is',
    ...(['expire', DAY, trueEnd] as const),
  ),
  lost(
    'chain-row-at-false-end-day-expired',
    'does the same with another link',
    ...(['expire', DAY, (world: World) => ({ ...trueEnd(world), link: RANDOM })] as const),
  ),
  lost(
    'chain-row-far-ahead-day-expired',
    'does the same with an end that the chain never had',
    ...(['expire', DAY, () => ({ position: 4_999, count: 1, through: 5_000, link: RANDOM })] as const),
  ),
  lost(
    'chain-row-absurd-day-expired',
    'does the same with numbers that no chain has',
    ...(['expire', DAY, () => ({ position: -7, count: 0, through: 2 ** 60 })] as const),
  ),
  lost(
    'chain-row-category-ahead-day-expired',
    'says that one category is archived further than the rest, and has TTL remove its blocks before they are',
    ...(['expire', DAY, () => ({ ahead: { security: 5_000 } })] as const),
  ),
  before(
    'chain-row-removed-day-expired',
    'has the archive forget a chain, and TTL remove the blocks that would lead there',
    healed(ROW),
    (world) => {
      world.chains.rows.delete(CHAIN);
      drop(world, 'expire', 0);
    },
  ),
  before(
    'chain-row-back-day-expired',
    'sets a chain back, and has TTL remove the blocks that would lead forward',
    healed(ROW),
    (world) => {
      forge(world, { position: 0, count: 72, through: 72, link: RANDOM });
      drop(world, 'expire', 0);
    },
  ),
];
