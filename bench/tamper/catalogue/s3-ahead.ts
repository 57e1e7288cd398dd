// Mutations of the archive: objects under keys that the next seal is going to write.
import { PLAN, type Plan } from '../../../core/documents/plan.ts';
import {
  chainTileKey,
  checkpointKey,
  contentsKey,
  digestKey,
  holdKey,
  listKey,
  logKey,
  planKey,
  shardKey,
  tombstoneKey,
} from '../../../names/log.ts';
import type { Alarm, Expected, WorldMutation } from '../mutation.ts';
import type { World } from '../world.ts';
import { LONG } from './tools.ts';

/** The newest seal, and how long acme's first chain is in it. */
const SEAL = 3;
const TILE = 'tile/0/002.p/116';

const object: Alarm = { kind: 'evidence', reason: 'object' };
const clean = (why: string): Expected => ({ clean: why });
const JUNK = Buffer.from('{"kind":"digest","v":1}');

/** In the way of what the next seal is going to write: kept as evidence and put over. */
function ahead(
  name: string,
  does: string,
  key: string,
  bytes: (world: World) => Uint8Array,
  alarms: readonly Alarm[] = [object],
): WorldMutation {
  const unmoved = clean('the seal derives every byte and compares');
  return {
    ...{ name, attacker: 's3', does, after: 'day-4-archived' },
    strike: (world) => void world.store.plant(key, bytes(world), {}, LONG),
    expected: { seal: { alarms, healed: true }, incremental: unmoved, full: unmoved, trusted: unmoved },
  };
}

/** The plan that the next seal would make, changed. */
const plan = (change: (plan: Plan) => Plan) => (world: World) => {
  const before = PLAN.parse(world.store.object(planKey(SEAL - 1)).bytes);
  return PLAN.format(change(nextPlan(world, before)));
};

/** What the next seal is going to write, in its way. */
export const S3_AHEAD: readonly WorldMutation[] = [
  ahead('tile-planted', 'puts bytes where a chain’s next tile is going to be', chainTileKey('acme', 0, TILE), () =>
    Buffer.alloc(116 * 32),
  ),
  ahead(
    'list-planted',
    'puts a document where a segment list is going to be',
    listKey('acme', SEAL, 0, 523),
    () => JUNK,
  ),
  ahead(
    'contents-planted',
    'puts a document where the contents are going to be',
    contentsKey('acme', SEAL),
    () => JUNK,
  ),
  ahead('digest-planted', 'puts a document where a digest is going to be', digestKey('acme', SEAL), () => JUNK),
  ahead(
    'digest-planted-of-before',
    'puts the digest before where a digest is going to be',
    digestKey('acme', SEAL),
    (world) => world.store.object(digestKey('acme', SEAL - 1)).bytes,
  ),
  ahead('log-tile-planted', 'puts bytes where the log’s next tile is going to be', logKey('tile/0/000.p/8'), () =>
    Buffer.alloc(8 * 32),
  ),
  ahead(
    'log-bundle-planted',
    'puts bytes where the log’s next entries are going to be',
    logKey('tile/entries/000.p/8'),
    () => JUNK,
  ),
  ahead(
    'checkpoint-planted',
    'puts a note that nobody signed where a checkpoint is going to be',
    checkpointKey(SEAL),
    () => Buffer.from('log.example/indelible\n8\nAA==\n\n'),
  ),
  ahead(
    'checkpoint-planted-of-before',
    'puts the checkpoint before under the next seal’s number',
    checkpointKey(SEAL),
    (world) => world.store.object(checkpointKey(SEAL - 1)).bytes,
  ),
  ahead('plan-planted-junk', 'puts a document where a plan is going to be', planKey(SEAL), () => JUNK),
  ahead(
    'plan-planted-narrow',
    'plans to seal nothing new',
    planKey(SEAL),
    plan((next) => next),
  ),
  ahead(
    'plan-planted-backdated',
    'plans a seal of yesterday',
    planKey(SEAL),
    plan((next) => ({ ...next, sealedAt: '2026-03-04T00:10:00.001Z', nextBy: '2026-03-05T02:10:00.001Z' })),
  ),
  ahead(
    'plan-planted-postdated',
    'plans a seal of next year',
    planKey(SEAL),
    plan((next) => ({ ...next, sealedAt: '2027-03-05T00:10:00.000Z', nextBy: '2027-03-06T02:10:00.000Z' })),
  ),
  ahead(
    'plan-planted-never-due',
    'plans a seal after which none is due',
    planKey(SEAL),
    plan((next) => ({ ...next, nextBy: '2099-03-06T02:10:00.000Z' })),
  ),
  ahead(
    'plan-planted-without-tenant',
    'plans to leave out a tenant',
    planKey(SEAL),
    plan((next) => ({ ...next, tenants: next.tenants.slice(1) })),
  ),
  ahead(
    'plan-planted-on-another-log',
    'plans to go on from another root',
    planKey(SEAL),
    plan((next) => ({ ...next, root: '00'.repeat(32) })),
  ),
  ahead(
    'plan-planted-too-large',
    'plans to seal what nobody recorded',
    planKey(SEAL),
    plan((next) => ({
      ...next,
      tenants: next.tenants.map((one) => ({ ...one, chains: one.chains.map((head) => ({ ...head, size: 9_000 })) })),
    })),
  ),
  ahead('shard-result-planted', 'puts a document where a seal keeps how far it is', shardKey(SEAL, 0), () => JUNK, []),
  ahead('tombstone-slot-taken', 'puts bytes into the slot of the next tombstone', tombstoneKey('acme', 2), () => JUNK),
  ahead('hold-slot-taken', 'puts bytes into the slot of the next legal hold', holdKey('acme', 1), () => JUNK),
];

function nextPlan(world: World, before: Plan): Plan {
  const sealedAt = world.clock().toISOString();
  const nextBy = new Date(world.now + Date.parse(before.nextBy) - Date.parse(before.sealedAt)).toISOString();
  const checkpoint = Buffer.from(world.store.object(checkpointKey(SEAL - 1)).bytes)
    .toString()
    .split('\n');
  const root = Buffer.from(checkpoint[2]!, 'base64').toString('hex');
  return { ...before, seal: SEAL, sealedAt, nextBy, size: Number(checkpoint[1]), root };
}
