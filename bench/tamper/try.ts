// Tries one mutation.
import type { BundleOptions } from '../../core/bundle/verify.ts';
import { checkpointKey } from '../../names/log.ts';
import type { Bundles } from './bundles.ts';
import { type Outcome, verifyExported, verifyFiles, verifyLive, verifyOffline } from './doors.ts';
import { ExportDraft } from './exports.ts';
import { alarmFaults, faultsOf } from './faults.ts';
import type { Ground } from './ground.ts';
import type {
  BundleMutation,
  Door,
  Expected,
  ExportMutation,
  Mutation,
  SealExpected,
  WorldMutation,
} from './mutation.ts';
import { sealedIn } from './sealed.ts';
import type { World } from './world.ts';

/** Half an hour behind the newest seal: before the next one is due. */
export const VERIFIED_AFTER_MS = 1_800_000;

/** The day of the newest seal, and the seal whose checkpoint somebody has kept. */
const NEWEST_DAY = '2026-03-05';
const KEPT_SEAL = 2;

export interface Trial {
  readonly door: Door;
  readonly faults: readonly string[];
}

/** One mutation at each of its doors, on a copy of its own. */
export async function tryAt(mutation: Mutation, ground: Ground): Promise<Trial[]> {
  const doors = Object.entries(mutation.expected) as [Door, Expected][];
  const made = await orCrash(() => prepared(mutation, ground));
  const trials: Trial[] = [];
  for (const [door, expected] of doors) {
    const faults = typeof made === 'string' ? made : await orCrash(() => made(door, expected));
    trials.push({ door, faults: typeof faults === 'string' ? [faults] : faults });
  }
  return trials;
}

/** Whatever is thrown that has no name among the expected: the very thing that must not happen, whoever tampers. */
async function orCrash<T>(act: () => Promise<T>): Promise<T | string> {
  try {
    return await act();
  } catch (error) {
    return `crashed: ${error instanceof Error ? error.stack : error}`;
  }
}

type Ask = (door: Door, expected: Expected) => Promise<readonly string[]>;

function prepared(mutation: Mutation, ground: Ground): Promise<Ask> {
  if ('falsify' in mutation) return onExport(mutation, ground);
  return 'forge' in mutation ? onBundle(mutation, ground) : onWorld(mutation, ground);
}

async function onExport({ falsify }: ExportMutation, { exports }: Ground): Promise<Ask> {
  const draft = new ExportDraft(exports.table.files);
  await falsify(draft, exports);
  return async (_door, expected) =>
    verifierFaults(await verifyFiles({ files: draft.files, keys: exports.table.keys }), expected);
}

async function onBundle(mutation: BundleMutation, { bundles }: Ground): Promise<Ask> {
  const forged = await mutation.forge(bundles);
  const trusted = trustedOptions(bundles.acme.world, mutation.known?.(bundles), mutation.expectThrough);
  return async (door, expected) =>
    verifierFaults(await verifyOffline(forged, door === 'bundle' ? {} : trusted), expected);
}

async function onWorld(mutation: WorldMutation, ground: Ground): Promise<Ask> {
  const world = ground.history.at(mutation.after);
  await mutation.strike(world, ground);
  if (mutation.standsStill !== true) await ground.history.liveOn(world, mutation.after);
  return async (door, expected) => {
    if ('alarms' in expected) return sealFaults(world, expected, ground);
    const visited = world.copy();
    visited.now += VERIFIED_AFTER_MS;
    return verifierFaults(await askDoor(visited, door, ground.bundles), expected);
  };
}

async function sealFaults(world: World, { alarms, healed }: SealExpected, { undisturbed }: Ground): Promise<string[]> {
  const same = (await sealedIn(world)) === undisturbed;
  const wanted = healed ? 'what would have been sealed without it' : 'something else';
  return [...alarmFaults(world.alarms, alarms), ...(same === healed ? [] : [`want sealed ${wanted}`])];
}

function askDoor(world: World, door: Door, { acme }: Bundles): Promise<Outcome> {
  if (door === 'incremental' || door === 'full') return verifyLive(world, door);
  return verifyExported(world, 'acme', door === 'bundle' ? {} : trustedOptions(acme.world));
}

/** What somebody has who prepared: the keys, the checkpoint of an earlier seal, and the calendar. */
export function trustedOptions(world: World, known?: Uint8Array, expectThrough: string = NEWEST_DAY): BundleOptions {
  const now = world.clock();
  return { keys: world.signers.map(({ key }) => key), known: known ?? keptCheckpoint(world), expectThrough, now };
}

export function keptCheckpoint(world: World): Uint8Array {
  return world.store.object(checkpointKey(KEPT_SEAL)).bytes;
}

function verifierFaults(outcome: Outcome, expected: Expected): string[] {
  if ('alarms' in expected) throw new TypeError('got alarms to expect of a verifier');
  return faultsOf(outcome, expected);
}
