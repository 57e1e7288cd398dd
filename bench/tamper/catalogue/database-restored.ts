// Tables that are put back to an earlier copy, and what is recorded on them then.
import { parseChainName } from '../../../core/chain.ts';
import type { Alarm, Expected, Place, WorldMutation } from '../mutation.ts';
import type { Sample, World } from '../world.ts';
import { CHAIN, DAY, evidenceOf, verified } from './database-shape.ts';

/** Chains with how far the third seal has sealed them. */
const SEALED: readonly (readonly [chain: string, size: number])[] = [
  [CHAIN, 523],
  ['acme#1', 75],
  ['umbra#0', 61],
];

const short = (reason: string, chain = CHAIN, position = DAY): Alarm => ({ kind: 'short', reason, chain, position });

/** Puts the first chain back to where the newest seal left it, row and all. */
function restoreDay(world: World, history: { at(moment: string): World }): void {
  world.ledger.rollBack(CHAIN, DAY);
  world.chains.rows.set(CHAIN, history.at('expired-2').chains.rows.get(CHAIN)!);
}

function mutation(
  name: string,
  does: string,
  seal: Expected,
  strike: WorldMutation['strike'],
  also: Partial<WorldMutation> = {},
): WorldMutation {
  const said = verified(seal, 'nothing but the truth was sealed');
  return {
    ...{ name, attacker: 'database', does, after: 'day-4-archived', strike, ...also },
    expected: { seal, incremental: said, full: said, bundle: said, trusted: said, ...also.expected },
  };
}

/** Another history of the newest day, which is archived like any other. */
function another(name: string, does: string, samples: readonly Sample[], alarms: readonly Alarm[] = [], hour = 0) {
  return mutation(
    `tables-restored-${name}`,
    `puts the tables back to the newest seal after the archive has the day, and records another history ${does}`,
    { alarms: [...alarms, short('disputed')], healed: false },
    async (world, { history }) => {
      restoreDay(world, history);
      world.now += hour * 3_600_000;
      await world.append('acme', samples);
      await world.archive();
    },
  );
}

/** From the last expiry to the newest seal. */
const SEAL_AFTER_MS = 83_400_000;

/** Empties all tables. What is archived stays. */
function emptyAll(world: World): void {
  for (const [chain] of SEALED) {
    world.ledger.rollBack(chain, 0);
    world.chains.rows.delete(chain);
  }
}

const allShort = (reason: string): Alarm[] => SEALED.map(([chain, size]) => short(reason, chain, size));

const placesOf = (code: string, chains: readonly string[]): Place[] =>
  chains.map((name) => ({ code, ...parseChainName(name) }));

/** Nothing new is sealed, and what is in the tables now is not what is sealed. */
function differs(chains: readonly string[], also: readonly Place[] = []): Expected {
  const short = placesOf(
    'chain-short',
    SEALED.map(([chain]) => chain),
  );
  return { verdict: 'altered', at: [...short, ...placesOf('ledger-differs', chains)], also };
}

const ALL = SEALED.map(([chain]) => chain);
const STRAY = [{ code: 'stray' }];

/** Offline, there is one tenant's bundle. */
const OFFLINE: Expected = { verdict: 'incomplete', at: placesOf('chain-short', [CHAIN, 'acme#1']) };

export const DATABASE_RESTORED: readonly WorldMutation[] = [
  another('other-category', 'of another category', [{ category: 'security', count: 30 }]),
  another(
    'same-category',
    'of the same category and day',
    [{ category: 'data_access', count: 30 }],
    [{ kind: 'evidence', reason: 'segment', chain: CHAIN }],
  ),
  another('other-day', 'of another day', [{ category: 'data_access', count: 30 }], [], 15),
  mutation(
    'blocks-removed-and-rewritten',
    'removes the newest day’s blocks, sets the chain’s row back, and records another history',
    { alarms: [evidenceOf('remove'), short('disputed')], healed: false },
    async (world, { history }) => {
      for (const { position } of world.ledger.blocks(CHAIN)) {
        if (position >= DAY) world.ledger.remove(CHAIN, position);
      }
      restoreDay(world, history);
      await world.append('acme', [{ category: 'security', count: 30 }]);
      await world.archive();
    },
  ),
  mutation(
    'tables-restored-and-left',
    'puts the tables back to the newest seal after the archive has the day, and records nothing',
    { alarms: [short('unbacked')], healed: false },
    (world, { history }) => restoreDay(world, history),
  ),
  mutation(
    'tables-emptied',
    'restores all tables to nothing under the same names, and the tenants record on',
    { alarms: allShort('rewritten'), healed: false },
    emptyAll,
    {
      after: 'expired-2',
      expected: {
        ...{ incremental: differs(ALL), bundle: OFFLINE, trusted: OFFLINE },
        // The archive went along, under keys that no seal names.
        full: differs(ALL, STRAY),
      },
    },
  ),
  mutation(
    'tables-emptied-and-left',
    'restores all tables to nothing under the same names, and nothing is recorded',
    { alarms: allShort('rolled-back'), healed: false },
    async (world) => {
      emptyAll(world);
      world.now += SEAL_AFTER_MS;
      await world.seal();
    },
    {
      ...{ after: 'expired-2', standsStill: true },
      // The entries that tell of it are the first in the tables.
      expected: {
        ...{ incremental: differs([CHAIN, 'umbra#0']), full: differs([CHAIN, 'umbra#0']) },
        ...{ bundle: OFFLINE, trusted: OFFLINE },
      },
    },
  ),
];
