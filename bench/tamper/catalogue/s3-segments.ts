// Mutations of the archive: segments.
import { sha256, toHex } from '../../../core/crypto.ts';
import { TOMBSTONE } from '../../../core/documents/tombstone.ts';
import { tombstoneKey } from '../../../names/log.ts';
import { SEALED } from '../history.ts';
import type { Expected, Place, WorldMutation } from '../mutation.ts';
import type { World } from '../world.ts';
import { forgedSegment, keyAt, LONG } from './tools.ts';

const CATEGORY = 'data_access';
/** Where the newest day's segments of the category begin, on each of acme's chains. */
const [FIRST, FIRST_1] = [532, 75];
const KEY = keyAt('acme#0', CATEGORY, '2026-03-04', FIRST);
const KEY_1 = keyAt('acme#1', CATEGORY, '2026-03-04', FIRST_1);
/** Of a day that the daily verification does not look at any more. */
const OLD_KEY = keyAt('acme#1', CATEGORY, '2026-03-02', 25);
/** Past its time, with nothing to protect it, and not expired yet. */
const DUE_KEY = keyAt('acme#0', 'debug', '2026-03-03', 426);

const clean = (why: string): Expected => ({ clean: why });

const covered = (object: RegExp, first: number): Expected => ({
  verdict: 'altered',
  at: [{ code: 'covered', tenant: 'acme', chain: 1, first, object }],
});
const stray = (place: Omit<Place, 'code'>): Expected => ({
  verdict: 'altered',
  at: [{ code: 'stray', tenant: 'acme', ...place }],
});

/** Beside or over what is sealed: an export reads the versions that are named. */
function behind(name: string, does: string, found: Expected, strike: WorldMutation['strike']): WorldMutation {
  const expected = {
    incremental: found,
    full: found,
    trusted: clean('what is sealed is named by version, and is there'),
  };
  return { name, attacker: 's3', does, after: SEALED, strike, expected };
}

const passedOver: Expected = { clean: 'a time that had not come when it was put makes it no tombstone' };

/** Segments that are sealed. */
export const S3_SEGMENTS: readonly WorldMutation[] = [
  behind(
    'segment-covered',
    'puts an edited copy over a sealed segment',
    covered(/01-0{14}75\.parquet/, FIRST_1),
    async (world) => void world.store.plant(KEY_1, await forgedSegment(world, KEY_1, 1)),
  ),
  behind(
    'segment-covered-by-another',
    'puts another segment over a sealed one',
    covered(/01-0{14}75\.parquet/, FIRST_1),
    (world) => void world.store.plant(KEY_1, world.store.object(KEY).bytes),
  ),
  behind(
    'segment-marked',
    'puts a delete marker over a sealed segment',
    covered(/01-0{14}75\.parquet/, FIRST_1),
    (world) => world.store.mark(KEY_1),
  ),
  behind(
    'segment-covered-by-itself',
    'puts the very bytes over a sealed segment',
    clean('whoever reads what is current reads what is sealed'),
    (world) => void world.store.plant(KEY_1, world.store.object(KEY_1).bytes),
  ),
  {
    ...behind(
      'segment-covered-of-an-old-day',
      'puts an edited copy over a segment that was verified before',
      covered(/01-0{14}25\.parquet/, 25),
      async (world) => void world.store.plant(OLD_KEY, await forgedSegment(world, OLD_KEY, 1)),
    ),
    expected: {
      incremental: clean('that day was verified before'),
      full: covered(/01-0{14}25\.parquet/, 25),
      trusted: clean('the sealed version is there'),
    },
  },
  behind(
    'segment-beside',
    'puts a segment of positions that others have',
    stray({ chain: 1, first: 80 }),
    async (world) =>
      void world.store.plant(keyAt('acme#1', CATEGORY, '2026-03-04', 80), await forgedSegment(world, KEY_1, 1)),
  ),
  behind(
    'segment-beside-in-another-category',
    'puts a copy under another category',
    stray({ chain: 1, first: FIRST_1 }),
    (world) =>
      void world.store.plant(keyAt('acme#1', 'security', '2026-03-04', FIRST_1), world.store.object(KEY_1).bytes),
  ),
  behind(
    'object-beside',
    'puts something else among the segments',
    stray({ object: /notes\.txt/ }),
    (world) => void world.store.plant(KEY_1.replace(/[^/]+$/, 'notes.txt'), Buffer.from('x')),
  ),
  {
    ...{
      name: 'segment-removed',
      attacker: 's3',
      does: 'removes a segment whose lock has ended, and buries nothing',
      after: SEALED,
    },
    strike: (world) => world.store.deleteVersion(DUE_KEY, world.store.object(DUE_KEY).version),
    expected: {
      incremental: removed(),
      full: removed(),
      trusted: removed(),
    },
  },
  {
    ...{ name: 'segment-removed-and-buried', attacker: 's3', does: 'does what expiry is going to do', after: SEALED },
    strike(world) {
      bury(world, DUE_KEY, { category: 'debug', day: '2026-03-03', first: 426, last: 495 });
      world.store.deleteVersion(DUE_KEY, world.store.object(DUE_KEY).version);
    },
    expected: {
      full: clean('its time has come, and a tombstone says so, which the next seal takes up'),
      trusted: { verdict: 'unconfirmed', at: [{ code: 'body-unconfirmed', tenant: 'acme', chain: 0 }] },
    },
  },
  {
    ...{
      name: 'segment-removed-and-buried-ahead',
      attacker: 's3',
      does: 'does it by a tombstone that says a time of a hundred years on',
      after: SEALED,
    },
    strike(world) {
      const place = { category: 'debug', day: '2026-03-03', first: 426, last: 495 };
      bury(world, DUE_KEY, place, 0, '2126-03-05T00:00:00.000Z');
      world.store.deleteVersion(DUE_KEY, world.store.object(DUE_KEY).version);
    },
    expected: { full: removed(), incremental: removed(), trusted: removed() },
  },
  {
    ...{
      name: 'segment-removed-under-hold',
      attacker: 's3',
      does: 'removes and buries what is past its time, but under legal hold',
      after: SEALED,
    },
    strike(world) {
      const key = keyAt('acme#0', 'error', '2026-03-01', 63);
      bury(world, key, { category: 'error', day: '2026-03-01', first: 63, last: 286 });
      world.store.deleteVersion(key, world.store.object(key).version);
    },
    expected: { full: removed(), trusted: held() },
  },
  {
    ...{
      name: 'tombstone-planted-early',
      attacker: 's3',
      does: 'buries what is kept for a month, before a seal',
      after: 'day-4-archived',
    },
    strike: (world) =>
      bury(
        world,
        keyAt('acme#1', CATEGORY, '2026-03-03', 50),
        { category: CATEGORY, day: '2026-03-03', first: 50, last: 69 },
        1,
      ),
    expected: {
      full: early(),
      incremental: early(),
      trusted: early(),
    },
  },
  {
    ...{
      name: 'tombstone-planted-ahead',
      attacker: 's3',
      does: 'buries what is kept for a month, and says that it does so a hundred years on',
      after: 'day-4-archived',
    },
    strike: (world) =>
      bury(
        world,
        keyAt('acme#1', CATEGORY, '2026-03-03', 50),
        { category: CATEGORY, day: '2026-03-03', first: 50, last: 69 },
        1,
        '2126-03-05T00:00:00.000Z',
      ),
    expected: {
      seal: { alarms: [{ kind: 'evidence', reason: 'object' }], healed: true },
      ...{ full: passedOver, incremental: passedOver, trusted: passedOver },
    },
  },
];

function removed(): Expected {
  return { verdict: 'missing', at: [{ code: 'body-missing', tenant: 'acme', chain: 0 }] };
}

/** An export carries the tombstone along, which the hold contradicts. */
function held(): Expected {
  const place = { tenant: 'acme', chain: 0, first: 63, last: 286 };
  return {
    verdict: 'altered',
    at: [
      { code: 'held-expiry', ...place },
      { code: 'body-missing', tenant: 'acme', chain: 0 },
    ],
  };
}

function early(): Expected {
  return { verdict: 'altered', at: [{ code: 'early-expiry', tenant: 'acme', chain: 1, first: 50, last: 69 }] };
}

/** A tombstone in acme's next slot, as expiry would write it. */
function bury(
  world: World,
  key: string,
  place: { category: string; day: string; first: number; last: number },
  chain = 0,
  at = world.clock().toISOString(),
): void {
  const number = world.store.keys('tombstones/tenant=acme/').length;
  const { bytes, version } = world.store.object(key);
  const { category, day, first, last } = place;
  const object = { key, version, sha256: toHex(sha256(bytes)), bytes: bytes.length };
  const document = {
    ...({
      v: 1,
      kind: 'tombstone',
      tenant: 'acme',
      number,
      at,
      category,
      retention: 'P1D',
    } as const),
    segments: [{ object, chain, day, first, last }],
  };
  world.store.plant(tombstoneKey('acme', number), TOMBSTONE.format(document), {}, LONG);
}
