// Mutations of the database: blocks that are sealed.
import { SEALED } from '../history.ts';
import type { Expected, Place, WorldMutation } from '../mutation.ts';
import type { World } from '../world.ts';
import { CHAIN, DAY, evidenceOf, healed, LAST, MIDDLE, put, RANDOM, restart, SIZE } from './database-shape.ts';
import { blockAt, editFirst, reblocked } from './tools.ts';

/** Once sealed, the ledger is only held against the seals: an export never reads it. */
function behind(
  name: string,
  does: string,
  place: Pick<Place, 'first' | 'last'>,
  strike: (world: World) => void,
): WorldMutation {
  const found: Expected = { verdict: 'altered', at: [{ code: 'ledger-differs', tenant: 'acme', chain: 0, ...place }] };
  const unread = { clean: 'an export is made of the archive' };
  return {
    ...{ name, attacker: 'database', does, after: SEALED, strike },
    expected: { incremental: found, full: found, trusted: unread },
  };
}

/** Blocks in the table that are sealed. */
export const DATABASE_SEALED: readonly WorldMutation[] = [
  behind(
    'sealed-block-edited',
    'changes a sealed entry in the table',
    { first: MIDDLE, last: MIDDLE },
    put(MIDDLE, (block) => reblocked(block, editFirst)),
  ),
  behind(
    'sealed-block-garbled',
    'destroys a sealed block in the table',
    { first: MIDDLE, last: MIDDLE + 23 },
    put(MIDDLE, (block) => ({ ...block, payload: Uint8Array.of(1) })),
  ),
  behind(
    'sealed-block-with-hidden-bytes',
    'hides bytes behind a sealed block’s compressed stream',
    { first: MIDDLE, last: MIDDLE + 23 },
    put(MIDDLE, (block) => ({ ...block, payload: Buffer.concat([block.payload, Uint8Array.of(0)]) })),
  ),
  behind(
    'sealed-block-version-downgraded',
    'says that a sealed block is of an older format',
    { first: MIDDLE, last: MIDDLE + 23 },
    put(MIDDLE, (block) => ({ ...block, v: 0 })),
  ),
  behind(
    'sealed-block-relinked',
    'links sealed entries to something else',
    { first: LAST, last: SIZE - 1 },
    put(LAST, (block) => reblocked(block, (bodies) => bodies, { previousLink: RANDOM })),
  ),
  behind('sealed-tail-forked', 'goes on from another end than the sealed one', { first: SIZE, last: SIZE }, (world) => {
    world.ledger.put(
      reblocked(blockAt(world, CHAIN, LAST), (bodies) => bodies.slice(0, 3), {
        position: SIZE,
        previousLink: RANDOM,
      }),
    );
  }),
  {
    ...behind(
      'sealed-chain-rewritten',
      'writes a whole chain anew, every hash of it',
      { first: DAY, last: SIZE - 1 },
      (world) => rewrite(world, DAY),
    ),
  },
  {
    ...{
      name: 'sealed-blocks-removed',
      attacker: 'database',
      does: 'removes sealed blocks from the table',
      after: SEALED,
    },
    async strike(world) {
      for (const { position } of world.ledger.blocks(CHAIN)) world.ledger.remove(CHAIN, position);
      await world.archive();
    },
    expected: {
      seal: healed(evidenceOf('remove')),
      full: { clean: 'the archive has them, and TTL removes blocks too' },
      trusted: { clean: 'the archive has them' },
    },
  },
  {
    ...{
      name: 'sealed-chain-restarted',
      attacker: 'database',
      does: 'begins a sealed chain anew where its first blocks have expired',
      after: SEALED,
    },
    async strike(world) {
      restart(world);
      await world.archive();
    },
    expected: {
      seal: healed(evidenceOf('replaced')),
      full: { verdict: 'altered', at: [{ code: 'ledger-differs', tenant: 'acme', chain: 0, first: 0, last: 23 }] },
      trusted: { clean: 'an export is made of the archive' },
    },
  },
];

/** Each block anew from a position on, every one built on the forged one before. */
function rewrite(world: World, from: number): void {
  let previousLink: Uint8Array | undefined;
  for (const block of world.ledger.blocks(CHAIN).filter(({ position }) => position >= from)) {
    const forged = reblocked(
      block,
      (bodies) => bodies.map((text) => text.replace('Zoë', 'Eve')),
      previousLink && { previousLink },
    );
    previousLink = forged.link;
    world.ledger.put(forged);
  }
}
