// Mutations of the archive: reports of verifications.
import { digestKey } from '../../../names/log.ts';
import { reportKey, VERIFICATIONS_PREFIX, VERIFY } from '../../../names/verify.ts';
import { verifyLive } from '../doors.ts';
import { SEALED } from '../history.ts';
import type { Expected, WorldMutation } from '../mutation.ts';
import type { World } from '../world.ts';
import { forgedSegment, keyAt, LONG } from './tools.ts';

const KEY = keyAt('acme#1', 'data_access', '2026-03-04', 75);
const covered: Expected = { verdict: 'altered', at: [{ code: 'covered', tenant: 'acme', chain: 1, first: 75 }] };
const clean = (why: string): Expected => ({ clean: why });

/** More versions of one key than anybody searches. */
const MANY = 1_001;

/** What verifications leave to each other, and what wears them out. */
export const S3_REPORTS: readonly WorldMutation[] = [
  {
    ...{ name: 'report-forged', attacker: 's3', after: SEALED },
    does: 'puts an edited copy over a sealed segment, and reports that say that all of it was verified',
    async strike(world) {
      await passedReports(world);
      world.store.plant(KEY, await forgedSegment(world, KEY, 1), {}, LONG);
    },
    expected: { incremental: covered, full: covered },
  },
  {
    ...{ name: 'report-garbage', attacker: 's3', does: 'puts bytes where the newest report would be', after: SEALED },
    strike: (world) => void world.store.plant(`${VERIFICATIONS_PREFIX}0-newest.json`, Buffer.from('{}'), {}, LONG),
    expected: { incremental: clean('what is no report is passed over'), full: clean('no report is asked') },
  },
  {
    ...{
      name: 'report-of-the-future',
      attacker: 's3',
      does: 'puts a copy of a report under a later name',
      after: SEALED,
    },
    strike(world) {
      const [newest] = world.store.keys(VERIFICATIONS_PREFIX);
      world.store.plant(reportKey('20991231T000000000Z-00000000', 'json'), world.store.object(newest!).bytes, {}, LONG);
    },
    expected: { incremental: clean('it says no more than the true one'), full: clean('no report is asked') },
  },
  {
    ...{ name: 'digest-buried', attacker: 's3', after: SEALED },
    does: 'puts more versions over a digest than anybody searches',
    strike(world) {
      const key = digestKey('acme', 3);
      for (let i = 0; i < MANY; i++) world.store.plant(key, Buffer.from(String(i)), {}, LONG);
    },
    expected: {
      incremental: { verdict: 'incomplete', at: [{ code: 'not-verified', tenant: 'acme' }] },
      full: { verdict: 'incomplete', at: [{ code: 'not-verified', tenant: 'acme' }] },
      trusted: { unexported: 'BuriedObject' },
    },
  },
];

/** What a verification would write that finds nothing, and so looks at nothing again. */
async function passedReports(world: World): Promise<void> {
  const twin = world.copy();
  await verifyLive(twin, 'incremental');
  for (const key of twin.store.keys(VERIFY.reportsPrefix)) {
    if (world.store.keys(key).length === 0) world.store.plant(key, twin.store.object(key).bytes, {}, LONG);
  }
}
