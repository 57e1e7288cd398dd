// What mutations of the database have in common.
import type { Block } from '../../../core/block/block.ts';
import { genesisLink, parseChainName } from '../../../core/chain.ts';
import { sha256 } from '../../../core/crypto.ts';
import type { Alarm, Expected, Place, WorldMutation } from '../mutation.ts';
import type { World } from '../world.ts';
import { blockAt, reblocked } from './tools.ts';

export const CHAIN = 'acme#0';
/** Of the newest day's blocks: one in the middle, and the last. */
export const [MIDDLE, LAST, SIZE] = [556, 604, 628];
/** Where the day's blocks and segments begin: a segment is taken whole or not at all. */
export const DAY = 532;

export const RANDOM = sha256(Uint8Array.of(9));

/** Whatever was recorded is in the stream and in the archive before anybody can change it in the table. */
export const healed = (...alarms: Alarm[]): Expected => ({ alarms, healed: true });
export const evidenceOf = (reason: string): Alarm => ({ kind: 'evidence', reason, chain: CHAIN });

/** Before a seal: nothing but the truth is sealed. */
export function before(
  name: string,
  does: string,
  seal: Expected,
  strike: WorldMutation['strike'],
  after = 'day-4-recorded',
): WorldMutation {
  const said = verified(seal, 'nothing but the truth was sealed');
  return {
    ...{ name, attacker: 'database', does, after, strike },
    expected: { seal, incremental: said, full: said, trusted: said },
  };
}

/** What whoever verifies is told: which chains the seal itself says that it could not seal further, or nothing. */
export function verified(seal: Expected, why: string): Expected {
  const short = 'alarms' in seal ? seal.alarms.filter(({ kind }) => kind === 'short') : [];
  if (short.length === 0) return { clean: why };
  return { verdict: 'incomplete', at: short.map(shortPlace) };
}

function shortPlace({ chain, position }: Alarm): Place {
  const { tenant, chain: number } = parseChainName(chain!);
  return { code: 'chain-short', tenant, chain: number, first: position! };
}

export const put = (position: number, change: (block: Block) => Block) => (world: World) =>
  world.ledger.put(change(blockAt(world, CHAIN, position)));

/** A chain anew, where TTL has made room. */
export function restart(world: World): void {
  const place = { position: 0, previousLink: genesisLink(CHAIN) };
  world.ledger.put(reblocked(blockAt(world, CHAIN, MIDDLE), (bodies) => bodies, place));
}
