// Mutations of the database: blocks that are not sealed yet.
import { zstd } from '../../../adapters/zstd.ts';
import type { Alarm, Expected, WorldMutation } from '../mutation.ts';
import { before, CHAIN, DAY, evidenceOf, healed, LAST, MIDDLE, put, RANDOM, restart, SIZE } from './database-shape.ts';
import { blockAt, editFirst, reblocked } from './tools.ts';

/** The archive and the ledger tell two histories: nothing is sealed from there on, until somebody has looked. */
const disputed = (position: number, ...alarms: Alarm[]): Expected => ({
  alarms: [...alarms, { kind: 'short', chain: CHAIN, position, reason: 'disputed' }],
  healed: false,
});
/** The next writer does not build on an end that the chain's row contradicts. */
const NO_WRITER: Alarm = { kind: 'writer', reason: 'row', chain: CHAIN };
const passedOver = (reason: string): Alarm => ({ kind: 'ledger', reason, chain: CHAIN });

/** The truth was sealed all the same; what stands in its place in the table is found there. */
function left(mutation: WorldMutation, first: number, last: number): WorldMutation {
  const found: Expected = {
    verdict: 'altered',
    at: [{ code: 'ledger-differs', tenant: 'acme', chain: 0, first, last }],
  };
  return { ...mutation, expected: { ...mutation.expected, incremental: found, full: found } };
}

const swapFirst = (bodies: string[]) => [bodies[1]!, bodies[0]!, ...bodies.slice(2)];

/** Blocks in the table, before they are archived or sealed. */
export const DATABASE_BLOCKS: readonly WorldMutation[] = [
  before(
    'block-edited',
    'changes an entry in the table before it is archived, and all hashes of its block',
    disputed(MIDDLE, evidenceOf('modify')),
    put(MIDDLE, (block) => reblocked(block, editFirst)),
  ),
  before(
    'block-edited-last',
    'does the same in the newest block, which no other builds on',
    disputed(LAST, evidenceOf('modify'), NO_WRITER),
    put(LAST, (block) => reblocked(block, editFirst)),
  ),
  before(
    'block-edited-after-archiving',
    'does it after the archive has it',
    disputed(LAST, NO_WRITER),
    put(LAST, (block) => reblocked(block, editFirst)),
    'day-4-archived',
  ),
  before(
    'block-reordered',
    'lets two entries of a block change places',
    disputed(MIDDLE, evidenceOf('modify')),
    put(MIDDLE, (block) => reblocked(block, swapFirst)),
  ),
  before(
    'block-shortened',
    'takes the last entry out of the newest block',
    healed(evidenceOf('modify')),
    put(LAST, (block) => reblocked(block, (bodies) => bodies.slice(0, -1))),
  ),
  before(
    'block-shortened-inside',
    'takes the last entry out of a block that another builds on, so that it ends where no block begins',
    healed(evidenceOf('modify')),
    put(MIDDLE, (block) => reblocked(block, (bodies) => bodies.slice(0, -1))),
  ),
  before(
    'block-lengthened-over',
    'has a block end inside of the next one',
    disputed(MIDDLE + 24, evidenceOf('modify')),
    put(MIDDLE, (block) => reblocked(block, (bodies) => [...bodies, ...bodies.slice(0, 3)])),
  ),
  before(
    'block-lengthened',
    'appends an entry to a block that another builds on',
    disputed(MIDDLE + 24, evidenceOf('modify')),
    put(MIDDLE, (block) => reblocked(block, (bodies) => [...bodies, bodies[0]!])),
  ),
  left(
    before(
      'block-garbled',
      'destroys a block',
      healed(evidenceOf('modify'), passedOver('frame')),
      put(MIDDLE, (block) => ({ ...block, payload: Uint8Array.of(1, 2, 3) })),
    ),
    MIDDLE,
    MIDDLE + 23,
  ),
  left(
    before(
      'block-with-hidden-bytes',
      'hides bytes behind the end of a block’s compressed stream',
      healed(evidenceOf('modify'), passedOver('trailing-data')),
      put(MIDDLE, (block) => ({ ...block, payload: Buffer.concat([block.payload, Uint8Array.of(0)]) })),
    ),
    MIDDLE,
    MIDDLE + 23,
  ),
  left(
    before(
      'block-with-second-frame',
      'hides a second compressed stream behind the first',
      healed(evidenceOf('modify'), passedOver('trailing-data')),
      put(MIDDLE, (block) => ({
        ...block,
        payload: Buffer.concat([block.payload, zstd.compress(Buffer.from('hidden\n'))]),
      })),
    ),
    MIDDLE,
    MIDDLE + 23,
  ),
  left(
    before(
      'block-version-downgraded',
      'says that a block is of an older format',
      healed(evidenceOf('modify'), passedOver('version')),
      put(MIDDLE, (block) => ({ ...block, v: 0 })),
    ),
    MIDDLE,
    MIDDLE + 23,
  ),
  left(
    before(
      'block-link-edited',
      'changes the link at a block’s end',
      healed(evidenceOf('modify'), passedOver('link')),
      put(MIDDLE, (block) => ({ ...block, link: RANDOM })),
    ),
    MIDDLE,
    MIDDLE + 23,
  ),
  left(
    before(
      'block-count-edited',
      'says that a block holds fewer entries',
      healed(evidenceOf('modify'), passedOver('count')),
      put(MIDDLE, (block) => ({ ...block, count: block.count - 1 })),
    ),
    MIDDLE,
    MIDDLE + 22,
  ),
  before('block-removed', 'removes a block before it is archived', healed(evidenceOf('remove')), (world) =>
    world.ledger.remove(CHAIN, MIDDLE),
  ),
  before('blocks-removed-all', 'removes a whole day before it is archived', healed(evidenceOf('remove')), (world) => {
    for (const { position } of world.ledger.blocks(CHAIN)) if (position >= DAY) world.ledger.remove(CHAIN, position);
  }),
  before(
    'block-beyond-the-end',
    'puts a block that can’t be reached',
    { alarms: [evidenceOf('gap'), { kind: 'short', chain: CHAIN, position: SIZE, reason: 'gap' }], healed: true },
    (world) => world.ledger.put({ ...blockAt(world, CHAIN, LAST), position: 10_000 }),
  ),
  left(
    before(
      'block-inside-another',
      'puts a block where another has its entries',
      healed(evidenceOf('replaced')),
      (world) => world.ledger.put(reblocked(blockAt(world, CHAIN, MIDDLE), editFirst, { position: MIDDLE + 3 })),
    ),
    MIDDLE + 3,
    MIDDLE + 26,
  ),
  {
    ...before(
      'chain-restarted',
      'begins a chain anew where its first blocks have expired',
      healed(evidenceOf('replaced')),
      restart,
    ),
    expected: {
      seal: healed(evidenceOf('replaced')),
      incremental: { clean: 'those positions were verified before' },
      full: { verdict: 'altered', at: [{ code: 'ledger-differs', tenant: 'acme', chain: 0, first: 0, last: 23 }] },
    },
  },
];
