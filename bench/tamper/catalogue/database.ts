import { zstd } from '../../../adapters/zstd.ts';
import type { Block } from '../../../core/block/block.ts';
import { genesisLink } from '../../../core/chain.ts';
import { sha256 } from '../../../core/crypto.ts';
import { SEALED } from '../history.ts';
import type { Alarm, Expected, Place, WorldMutation } from '../mutation.ts';
import type { World } from '../world.ts';
import { blockAt, editFirst, reblocked } from './tools.ts';

const CHAIN = 'acme#0';
/** Of the newest day's blocks: one in the middle, and the last. */
const [MIDDLE, LAST, SIZE] = [556, 604, 628];
/** Where the day's segments begin: a segment is taken whole or not at all. */
const DAY = 532;

/** Whatever was recorded is in the stream and in the archive before anybody can change it in the table. */
const healed = (...alarms: Alarm[]): Expected => ({ alarms, healed: true });
/** The archive and the ledger tell two histories: nothing is sealed from there on, until somebody has looked. */
const disputed = (...alarms: Alarm[]): Expected => ({
  alarms: [...alarms, { kind: 'short', chain: CHAIN, position: DAY, reason: 'disputed' }],
  healed: false,
});
const witnessed = (reason: string): Alarm => ({ kind: 'evidence', reason, chain: CHAIN });
const passedOver = (reason: string): Alarm => ({ kind: 'ledger', reason, chain: CHAIN });

function before(name: string, does: string, seal: Expected, strike: WorldMutation['strike'], after = 'day-4-recorded'): WorldMutation {
  const clean = { clean: 'nothing but the truth was sealed' };
  return { name, attacker: 'database', does, after, strike, expected: { seal, incremental: clean, full: clean, trusted: clean } };
}

/** The truth was sealed all the same; what stands in its place in the table is found there. */
function left(mutation: WorldMutation, first: number, last: number): WorldMutation {
  const found: Expected = { verdict: 'altered', at: [{ code: 'ledger-differs', tenant: 'acme', chain: 0, first, last }] };
  return { ...mutation, expected: { ...mutation.expected, incremental: found, full: found } };
}

/** Once sealed, the ledger is only held against the seals: an export never reads it. */
function behind(name: string, does: string, place: Place, strike: (world: World) => void): WorldMutation {
  const found: Expected = { verdict: 'altered', at: [{ code: 'ledger-differs', tenant: 'acme', chain: 0, ...place }] };
  const unread = { clean: 'an export is made of the archive' };
  return { name, attacker: 'database', does, after: SEALED, strike, expected: { incremental: found, full: found, trusted: unread } };
}

const put = (position: number, change: (block: Block) => Block) => (world: World) =>
  world.ledger.put(change(blockAt(world, CHAIN, position)));

const swapFirst = (bodies: string[]) => [bodies[1]!, bodies[0]!, ...bodies.slice(2)];
const random = sha256(Uint8Array.of(9));

export const DATABASE: readonly WorldMutation[] = [
  before('block-edited', 'changes an entry in the table before it is archived, and all hashes of its block', disputed(witnessed('modify')), put(MIDDLE, (block) => reblocked(block, editFirst))),
  before('block-edited-last', 'does the same in the newest block, which no other builds on', disputed(witnessed('modify')), put(LAST, (block) => reblocked(block, editFirst))),
  before('block-edited-after-archiving', 'does it after the archive has it', disputed(), put(LAST, (block) => reblocked(block, editFirst)), 'day-4-archived'),
  before('block-reordered', 'lets two entries of a block change places', disputed(witnessed('modify')), put(MIDDLE, (block) => reblocked(block, swapFirst))),
  before('block-shortened', 'takes the last entry out of the newest block', healed(witnessed('modify')), put(LAST, (block) => reblocked(block, (bodies) => bodies.slice(0, -1)))),
  before('block-lengthened', 'appends an entry to a block that another builds on', disputed(witnessed('modify')), put(MIDDLE, (block) => reblocked(block, (bodies) => [...bodies, bodies[0]!]))),
  left(before('block-garbled', 'destroys a block', healed(witnessed('modify'), passedOver('frame')), put(MIDDLE, (block) => ({ ...block, payload: Uint8Array.of(1, 2, 3) }))), MIDDLE, MIDDLE + 23),
  left(before('block-with-hidden-bytes', 'hides bytes behind the end of a block’s compressed stream', healed(witnessed('modify'), passedOver('trailing-data')), put(MIDDLE, (block) => ({ ...block, payload: Buffer.concat([block.payload, Uint8Array.of(0)]) }))), MIDDLE, MIDDLE + 23),
  left(before('block-with-second-frame', 'hides a second compressed stream behind the first', healed(witnessed('modify'), passedOver('trailing-data')), put(MIDDLE, (block) => ({ ...block, payload: Buffer.concat([block.payload, zstd.compress(Buffer.from('hidden\n'))]) }))), MIDDLE, MIDDLE + 23),
  left(before('block-version-downgraded', 'says that a block is of an older format', healed(witnessed('modify'), passedOver('version')), put(MIDDLE, (block) => ({ ...block, v: 0 }))), MIDDLE, MIDDLE + 23),
  left(before('block-link-edited', 'changes the link at a block’s end', healed(witnessed('modify'), passedOver('link')), put(MIDDLE, (block) => ({ ...block, link: random }))), MIDDLE, MIDDLE + 23),
  left(before('block-count-edited', 'says that a block holds fewer entries', healed(witnessed('modify'), passedOver('count')), put(MIDDLE, (block) => ({ ...block, count: block.count - 1 }))), MIDDLE, MIDDLE + 22),
  before('block-removed', 'removes a block before it is archived', healed(witnessed('remove')), (world) => world.ledger.remove(CHAIN, MIDDLE)),
  before('blocks-removed-all', 'removes a whole day before it is archived', healed(witnessed('remove')), (world) => {
    for (const { position } of world.ledger.blocks(CHAIN)) if (position >= 532) world.ledger.remove(CHAIN, position);
  }),
  before('block-beyond-the-end', 'puts a block that can’t be reached', { alarms: [witnessed('gap'), { kind: 'short', chain: CHAIN, position: SIZE, reason: 'gap' }], healed: true }, (world) =>
    world.ledger.put({ ...blockAt(world, CHAIN, LAST), position: 10_000 }),
  ),
  left(
    before('block-inside-another', 'puts a block where another has its entries', healed(witnessed('replaced')), (world) =>
      world.ledger.put(reblocked(blockAt(world, CHAIN, MIDDLE), editFirst, { position: MIDDLE + 3 })),
    ),
    MIDDLE + 3,
    MIDDLE + 26,
  ),
  {
    ...before('chain-restarted', 'begins a chain anew where its first blocks have expired', healed(witnessed('replaced')), restart),
    expected: {
      seal: healed(witnessed('replaced')),
      incremental: { clean: 'those positions were verified before' },
      full: { verdict: 'altered', at: [{ code: 'ledger-differs', tenant: 'acme', chain: 0, first: 0, last: 23 }] },
    },
  },
  before('time-to-live-lowered', 'has the hot window end at once, before the archive comes', healed(), expireAll),
  before('time-to-live-lowered-later', 'has the hot window end before the seal', healed(), expireAll, 'day-4-archived'),
  before('chain-row-ahead', 'says that a chain is archived further than it is', healed(), row({ through: 9_000 }), 'day-4-archived'),
  before('chain-row-back', 'says that a chain is archived less far than it is', healed(), row({ through: 100, position: 0, count: 100 }), 'day-4-archived'),
  before('chain-row-of-no-chain', 'says that there is a chain which nobody wrote to', healed(), (world) => invent(world, 'acme#9')),
  before('chain-row-of-no-tenant', 'says that there is a tenant who recorded nothing', healed(), (world) => invent(world, 'ghost#0')),
  before('chain-row-malformed', 'puts a row whose key is no chain', healed(), (world) => invent(world, 'acme#007')),
  before('chain-row-removed', 'has the archive forget a chain whose first blocks have expired', healed(witnessed('gap')), (world) => void world.chains.rows.delete(CHAIN)),
  before('chain-row-link-forged', 'says that the archive ends in another link', healed(witnessed('unlinked')), row({ link: random })),
  before('chain-row-leads-astray', 'has the next writer go on where nothing is', { alarms: [witnessed('gap'), { kind: 'short', chain: CHAIN, position: 532 }], healed: false }, row({ position: 9_999, count: 1, link: random }), 'expired-2'),
  requestForged(),
  behind('sealed-block-edited', 'changes a sealed entry in the table', { code: 'ledger-differs', first: MIDDLE, last: MIDDLE }, put(MIDDLE, (block) => reblocked(block, editFirst))),
  behind('sealed-block-garbled', 'destroys a sealed block in the table', { code: 'ledger-differs', first: MIDDLE, last: MIDDLE + 23 }, put(MIDDLE, (block) => ({ ...block, payload: Uint8Array.of(1) }))),
  behind('sealed-block-with-hidden-bytes', 'hides bytes behind a sealed block’s compressed stream', { code: 'ledger-differs', first: MIDDLE, last: MIDDLE + 23 }, put(MIDDLE, (block) => ({ ...block, payload: Buffer.concat([block.payload, Uint8Array.of(0)]) }))),
  behind('sealed-block-version-downgraded', 'says that a sealed block is of an older format', { code: 'ledger-differs', first: MIDDLE, last: MIDDLE + 23 }, put(MIDDLE, (block) => ({ ...block, v: 0 }))),
  behind('sealed-block-relinked', 'links sealed entries to something else', { code: 'ledger-differs', first: LAST, last: SIZE - 1 }, put(LAST, (block) => reblocked(block, (bodies) => bodies, { previousLink: random }))),
  behind('sealed-tail-forked', 'goes on from another end than the sealed one', { code: 'ledger-differs', first: SIZE, last: SIZE }, (world) => {
    world.ledger.put(reblocked(blockAt(world, CHAIN, LAST), (bodies) => bodies.slice(0, 3), { position: SIZE, previousLink: random }));
  }),
  {
    ...behind('sealed-chain-rewritten', 'writes a whole chain anew, every hash of it', { code: 'ledger-differs', first: 532, last: SIZE - 1 }, (world) => rewrite(world, 532)),
  },
  {
    ...{ name: 'sealed-blocks-removed', attacker: 'database', does: 'removes sealed blocks from the table', after: SEALED },
    async strike(world) {
      for (const { position } of world.ledger.blocks(CHAIN)) world.ledger.remove(CHAIN, position);
      await world.archive();
    },
    expected: {
      seal: healed(witnessed('remove')),
      full: { clean: 'the archive has them, and TTL removes blocks too' },
      trusted: { clean: 'the archive has them' },
    },
  },
  {
    ...{ name: 'sealed-chain-restarted', attacker: 'database', does: 'begins a sealed chain anew where its first blocks have expired', after: SEALED },
    async strike(world) {
      restart(world);
      await world.archive();
    },
    expected: {
      seal: healed(witnessed('replaced')),
      full: { verdict: 'altered', at: [{ code: 'ledger-differs', tenant: 'acme', chain: 0, first: 0, last: 23 }] },
      trusted: { clean: 'an export is made of the archive' },
    },
  },
];

function restart(world: World): void {
  const place = { position: 0, previousLink: genesisLink(CHAIN) };
  world.ledger.put(reblocked(blockAt(world, CHAIN, MIDDLE), (bodies) => bodies, place));
}

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
  const state = { through: 50, ahead: {}, position: 0, count: 50, link: random };
  chains.rows.set(chain, { state, version: 1 });
}

/** Each block anew from a position on, every one built on the forged one before. */
function rewrite(world: World, from: number): void {
  let previousLink: Uint8Array | undefined;
  for (const block of world.ledger.blocks(CHAIN).filter(({ position }) => position >= from)) {
    const forged = reblocked(block, (bodies) => bodies.map((text) => text.replace('Zoë', 'Eve')), previousLink && { previousLink });
    previousLink = forged.link;
    world.ledger.put(forged);
  }
}

/**
 * A request's row that says it was settled by entries of somebody else: whoever sends the request must not be told that
 * it was recorded.
 */
function requestForged(): WorldMutation {
  const [key, digest] = ['order-1', sha256(Uint8Array.of(1))];
  const request = `acme#${key}`;
  return {
    ...{ name: 'request-row-forged', attacker: 'database', after: 'day-4-archived' },
    does: 'says of a request that it was settled by other entries, so that it is acknowledged and never recorded',
    async strike(world) {
      const runs = [{ chain: 0, position: MIDDLE, count: 1, block: MIDDLE }];
      world.ledger.requests.set(request, { request, digest, runs, recordedAt: world.now });
      const entries = world.prepare('acme', [{ category: 'security', count: 1 }]);
      const told = await world.recording.ledger
        .append({ tenant: 'acme', entries, idempotency: { key, digest } })
        .catch(() => undefined);
      if (told !== undefined) throw new Error(`acknowledged position ${told[0]?.position} for an entry that is nowhere`);
    },
    expected: { seal: healed() },
  };
}
