import type { BundleOptions } from '../../core/bundle/verify.ts';
import { checkpointKey } from '../../names/log.ts';
import type { Bundles } from './bundles.ts';
import { type Outcome, verifyExported, verifyLive, verifyOffline } from './doors.ts';
import type { History } from './history.ts';
import { alarmFaults, faultsOf } from './judge.ts';
import type { BundleMutation, Door, Expected, Mutation, WorldMutation } from './mutation.ts';
import { sealedIn } from './sealed.ts';
import type { World } from './world.ts';

/** Half an hour behind the newest seal: before the next one is due. */
export const VERIFIED_AFTER_MS = 1_800_000;

/** The day of the newest seal, and the seal whose checkpoint somebody has kept. */
const NEWEST_DAY = '2026-03-05';
const KEPT_SEAL = 2;

/** What mutations are tried on. */
export interface Ground {
  readonly history: History;
  readonly bundles: Bundles;
  /** What is sealed when nobody tampers. */
  readonly undisturbed: string;
}

export interface Trial {
  readonly door: Door;
  readonly faults: readonly string[];
}

/** One mutation at each of its doors, each time on a copy of its own. */
export async function tryAt(mutation: Mutation, ground: Ground): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const [door, expected] of Object.entries(mutation.expected) as [Door, Expected][]) {
    let faults: string[];
    try {
      faults = 'forge' in mutation ? await onBundle(mutation, door, expected, ground) : await onWorld(mutation, door, expected, ground);
    } catch (error) {
      faults = [`crashed: ${error instanceof Error ? error.stack : error}`];
    }
    trials.push({ door, faults });
  }
  return trials;
}

async function onBundle(mutation: BundleMutation, door: Door, expected: Expected, { bundles }: Ground): Promise<string[]> {
  const forged = await mutation.forge(bundles);
  const { world } = bundles.acme;
  const trusted = trustedOptions(world, mutation.known?.(bundles), mutation.expectThrough);
  const outcome = await verifyOffline(forged, door === 'bundle' ? {} : trusted);
  return verifierFaults(outcome, expected);
}

async function onWorld(mutation: WorldMutation, door: Door, expected: Expected, ground: Ground): Promise<string[]> {
  const world = ground.history.at(mutation.after);
  await mutation.strike(world);
  await ground.history.liveOn(world, mutation.after);
  if ('alarms' in expected) {
    const changed = (await sealedIn(world)) !== ground.undisturbed;
    const healing = changed === expected.healed ? [`want what is sealed ${expected.healed ? 'healed' : 'to end early'}, got the opposite`] : [];
    return [...alarmFaults(world.alarms, expected.alarms), ...healing];
  }
  world.now += VERIFIED_AFTER_MS;
  return verifierFaults(await askDoor(world, door, ground.bundles), expected);
}

function askDoor(world: World, door: Door, { acme }: Bundles): Promise<Outcome> {
  if (door === 'incremental' || door === 'full') return verifyLive(world, door);
  return verifyExported(world, 'acme', door === 'bundle' ? {} : trustedOptions(acme.world));
}

/** What somebody has who prepared: the keys, the checkpoint of an earlier seal, and the calendar. */
export function trustedOptions(world: World, known?: Uint8Array, expectThrough: string = NEWEST_DAY): BundleOptions {
  return { keys: world.signers.map(({ key }) => key), known: known ?? keptCheckpoint(world), expectThrough };
}

export function keptCheckpoint(world: World): Uint8Array {
  return world.store.object(checkpointKey(KEPT_SEAL)).bytes;
}

function verifierFaults(outcome: Outcome, expected: Expected): string[] {
  if ('alarms' in expected) throw new TypeError('got alarms to expect of a verifier');
  return faultsOf(outcome, expected);
}
