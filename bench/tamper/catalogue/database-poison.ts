// Items put at the end of a chain, for the next writer to build on.

import { zstd } from '../../../adapters/zstd.ts';
import type { Block } from '../../../core/block/block.ts';
import { decodeBlock } from '../../../core/block/codec.ts';
import { DAY_MS } from '../../../names/time.ts';
import { blockAtPlace } from '../../../test/support/ledger-stream.ts';
import type { Alarm, Expected, Place, WorldMutation } from '../mutation.ts';
import type { World } from '../world.ts';
import { before, CHAIN, DAY, evidenceOf, RANDOM } from './database-shape.ts';

/** When the newest day's entries are still to come: the chain ends at DAY. */
const NIGHT = 'expired-2';
const CENTURY_MS = 36_525 * DAY_MS;
const DAYS_MS = 5 * DAY_MS;

interface Poison {
  readonly name: string;
  readonly does: string;
  /** Of the archive's evidence, of the writer's alarm and of the seal's. */
  readonly reason: string;
  readonly writer?: string;
  readonly short?: string;
  /** What is found where the seals end. */
  readonly found?: Omit<Place, 'code'>;
  readonly make: (world: World, newest: Block) => Block;
}

/** The chain's next block: one entry, as its newest one would be if it came again. */
function next(newest: Block, place: Partial<Pick<Block, 'position' | 'previousLink'>> = {}, ahead = 0): Block {
  const recordedAt = newest.recordedAt + ahead;
  const time = `"recordedAt":"${new Date(recordedAt).toISOString()}"`;
  const text = Buffer.from(decodeBlock(newest, zstd).entries[0]!).toString();
  const at = { chain: CHAIN, position: newest.position + newest.count, previousLink: newest.link, ...place };
  return blockAtPlace(at, [Buffer.from(text.replace(/"recordedAt":"[^"]+"/, time))], recordedAt);
}

/** What the tenant records goes to its next chain; the poisoned one is sealed up to where it was good, and named. */
function poisoned({ name, does, reason, make, found, ...said }: Poison): WorldMutation {
  const alarms: Alarm[] = [
    evidenceOf(reason),
    { kind: 'writer', reason: said.writer ?? reason, chain: CHAIN },
    { kind: 'short', reason: said.short ?? reason, chain: CHAIN, position: DAY },
  ];
  const strike = (world: World) => world.ledger.put(make(world, world.ledger.blocks(CHAIN).at(-1)!));
  const mutation = before(name, does, { alarms, healed: false }, strike, NIGHT);
  if (found === undefined) return mutation;
  const short: Place = { code: 'chain-short', tenant: 'acme', chain: 0, first: DAY };
  const differs: Place = { code: 'ledger-differs', tenant: 'acme', chain: 0, ...found };
  const beyond: Expected = { verdict: 'altered', at: [short, differs] };
  return { ...mutation, expected: { ...mutation.expected, incremental: beyond, full: beyond } };
}

/** Where the other tenant's chain ends when the newest day is still to come. */
const UMBRA_END = 63;

const GARBLED_OTHER: WorldMutation = {
  ...before(
    'end-garbled-other-tenants',
    'does it to one tenant, to stop the archive and the seal of the others',
    {
      alarms: [
        { kind: 'evidence', reason: 'ahead', chain: 'umbra#0' },
        { kind: 'writer', reason: 'ahead', chain: 'umbra#0' },
        { kind: 'short', reason: 'ahead', chain: 'umbra#0', position: UMBRA_END },
      ],
      healed: false,
    },
    (world) => {
      const newest = world.ledger.blocks('umbra#0').at(-1)!;
      const block = next(newest, {}, CENTURY_MS);
      world.ledger.put(
        blockAtPlace({ ...block, chain: 'umbra#0' }, decodeBlock(block, zstd).entries, block.recordedAt),
      );
    },
    NIGHT,
  ),
};

/** Its own trail says so; the exports that are tried are the first tenant's. */
const OTHER_TENANT: WorldMutation = {
  ...GARBLED_OTHER,
  expected: { ...GARBLED_OTHER.expected, trusted: { clean: 'another tenant is not concerned' } },
};

export const DATABASE_POISON: readonly WorldMutation[] = [
  poisoned({
    name: 'end-garbled',
    does: 'puts bytes that are no block at the end of a chain, so that nothing can be written behind them',
    reason: 'frame',
    make: (_, newest) => ({ ...next(newest), payload: Uint8Array.of(1, 2, 3) }),
  }),
  poisoned({
    name: 'end-unlinked',
    does: 'puts a perfect block at the end of a chain that goes on from nothing',
    reason: 'unlinked',
    found: { first: DAY, last: DAY },
    make: (_, newest) => next(newest, { previousLink: RANDOM }),
  }),
  poisoned({
    name: 'end-far-away',
    does: 'puts a perfect block far beyond the end, for the next writer to go on from',
    reason: 'gap',
    make: (_, newest) => next(newest, { position: 10_000, previousLink: RANDOM }),
  }),
  poisoned({
    name: 'end-with-false-link',
    does: 'puts a block at the end whose link is not that of its entries, for the next one to build on',
    reason: 'link',
    make: (_, newest) => ({ ...next(newest), link: RANDOM }),
  }),
  poisoned({
    name: 'end-counting-too-much',
    does: 'puts a block at the end that counts more entries than it holds, so that positions are left out',
    reason: 'count',
    make: (_, newest) => ({ ...next(newest), count: 400 }),
  }),
  poisoned({
    name: 'end-of-another-century',
    does: 'puts an entry of a hundred years ahead, whose lock no bucket takes, so that the archive stops for everybody',
    reason: 'ahead',
    make: (_, newest) => next(newest, {}, CENTURY_MS),
  }),
  poisoned({
    name: 'end-of-next-week',
    does: 'puts an entry of some days ahead of a category that is kept for ever',
    reason: 'ahead',
    make: (_, newest) => next(newest, {}, DAYS_MS),
  }),
  OTHER_TENANT,
];
