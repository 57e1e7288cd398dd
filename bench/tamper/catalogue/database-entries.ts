// Blocks whose hashes are right and whose entries are none that the service writes.
import { canonicalBytes } from '../../../core/canonical/canonical.ts';
import { parseJson } from '../../../core/json/parse.ts';
import type { JsonObject } from '../../../core/json/value.ts';
import { blockAtPlace } from '../../../test/support/ledger-stream.ts';
import type { WorldMutation } from '../mutation.ts';
import type { World } from '../world.ts';
import { CHAIN, SIZE, verified } from './database-shape.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;

type Forge = (entry: JsonObject, world: World) => Uint8Array;

/** Behind the newest block, which the archive has. */
function planted(name: string, does: string, reason: string, category: string, forge: Forge): WorldMutation {
  const short = { kind: 'short', reason, chain: CHAIN, position: SIZE } as const;
  // Of a time still to come is a block that nobody builds on.
  const refused = reason === 'ahead' ? [{ kind: 'writer', reason, chain: CHAIN } as const] : [];
  const seal = { alarms: [short, ...refused], healed: true };
  const said = verified(seal, '');
  return {
    ...{ name, attacker: 'database', after: 'day-4-archived', does: `puts a block with an entry ${does}` },
    async strike(world) {
      const head = world.ledger.head(CHAIN)!;
      const [prepared] = world.prepare('acme', [{ category, count: 1 }]);
      const bytes = forge(parseJson(prepared!.bytes) as JsonObject, world);
      const place = { chain: CHAIN, position: head.next, previousLink: head.link };
      world.ledger.put(blockAtPlace(place, [bytes], world.now));
    },
    expected: { seal, incremental: said, full: said, bundle: said, trusted: said },
  };
}

const dated =
  (ms: number): Forge =>
  (entry, world) => {
    const time = new Date(world.now + ms).toISOString();
    return canonicalBytes({ ...entry, recordedAt: time, occurredAt: time });
  };

const saying =
  (members: JsonObject): Forge =>
  (entry) =>
    canonicalBytes({ ...entry, ...members });

const spelled: Forge = (entry) => Buffer.from(Buffer.from(canonicalBytes(entry)).toString().replace('{', '{ '));

export const DATABASE_ENTRIES: readonly WorldMutation[] = [
  planted('entry-dated-ahead', 'of a hundred years ahead', 'ahead', 'data_access', dated(100 * YEAR_MS)),
  planted(
    'entry-dated-ahead-permanent',
    'of some days ahead, of a category that is kept for ever',
    'ahead',
    'security_incident',
    dated(4 * DAY_MS),
  ),
  planted('entry-backdated', 'of years ago', 'entry-backdated', 'data_access', dated(-3 * YEAR_MS)),
  planted('entry-backdated-hours', 'of before the seal before', 'entry-late', 'data_access', dated(-20 * HOUR_MS)),
  planted(
    'entry-of-unknown-category',
    'of a category that nobody knows',
    'entry-category',
    'data_access',
    saying({ category: 'nonsense' }),
  ),
  planted('entry-with-blanks', 'in another spelling', 'entry-not-canonical', 'data_access', spelled),
  planted('entry-of-another-version', 'of a later format', 'entry-version', 'data_access', saying({ v: 2 })),
  planted(
    'entry-with-unknown-member',
    'with a member that no entry has',
    'entry-malformed',
    'data_access',
    saying({ shadow: true }),
  ),
];
