// Mutations of the archive: segments that continue a chain otherwise.
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import type { ArchiveRow } from '../../../services/archive/port.ts';
import type { Alarm, WorldMutation } from '../mutation.ts';
import type { World } from '../world.ts';
import { verified } from './database-shape.ts';
import { forgedRow, forgedSegment, keyAt, LONG, ledgerRows, otherLayout } from './tools.ts';

const CATEGORY = 'data_access';
/** Where the newest day's segment of the category begins. */
const FIRST = 532;
const KEY = keyAt('acme#0', CATEGORY, '2026-03-04', FIRST);

const evidence: Alarm = { kind: 'evidence', reason: 'segment', chain: 'acme#0' };
const SEALED_TRUE = 'the true rows were sealed, whatever stood there';
/** It continues the chain, and is locked: no program can tell which of the two was made up. */
const disputed = (position: number): Alarm => ({ kind: 'short', chain: 'acme#0', position, reason: 'disputed' });

/** Where a segment is going to be, or is and is not sealed yet. */
function before(
  name: string,
  does: string,
  alarms: readonly Alarm[],
  strike: WorldMutation['strike'],
  after = 'day-4-recorded',
): WorldMutation {
  const seal = { alarms, healed: alarms.every(({ kind }) => kind !== 'short') };
  const said = verified(seal, SEALED_TRUE);
  const expected = { seal, incremental: said, full: said, trusted: said };
  return { name, attacker: 's3', does, after, strike, expected };
}

const rows = (world: World) => ledgerRows(world, 'acme#0', CATEGORY, FIRST);
const plant = (make: (rows: ArchiveRow[]) => Uint8Array) => (world: World) =>
  void world.store.plant(KEY, make(rows(world)), {}, LONG);
const encode = (some: readonly ArchiveRow[]) => parquetSegments.encode(0, some);
const lied = (row: ArchiveRow): ArchiveRow => ({
  ...row,
  entry: { ...row.entry, actor: { type: 'user', id: 'somebody-else' } },
});

/** Segments before they are sealed. */
export const S3_PLANTED: readonly WorldMutation[] = [
  before(
    'segment-planted-forged',
    'puts a segment with an edited entry where one is going to be',
    [evidence, disputed(FIRST)],
    plant((all) => encode(all.with(0, forgedRow(all[0]!)))),
  ),
  before(
    'segment-planted-forged-inside',
    'edits an entry that is not the first',
    [evidence, disputed(FIRST + 9)],
    plant((all) => encode(all.with(9, forgedRow(all[9]!)))),
  ),
  before(
    'segment-planted-garbage',
    'puts bytes that are no segment',
    [evidence],
    plant(() => Buffer.from('PAR1')),
  ),
  before(
    'segment-planted-too-long',
    'puts a segment with one row too many',
    [evidence],
    plant((all) => encode([...all, { ...forgedRow(all[0]!), position: 9_000 }])),
  ),
  before(
    'segment-planted-with-gap',
    'puts a segment that leaves out a row',
    [evidence],
    plant((all) => encode(all.toSpliced(5, 1))),
  ),
  before(
    'segment-planted-with-false-columns',
    'puts a segment whose entries are true, and whose columns, which queries read, are not',
    [evidence],
    plant((all) => encode(all.map(lied))),
  ),
  before(
    'segment-planted-with-hidden-bytes',
    'hides bytes behind a segment',
    [evidence],
    plant((all) => Buffer.concat([encode(all), Buffer.from('hidden')])),
  ),
  before(
    'segment-planted-true',
    'puts the true rows in a file of another make',
    [evidence],
    plant((all) => otherLayout(0, all)),
  ),
  before(
    'segment-planted-short',
    'puts a segment that has only the first of the true rows',
    [],
    plant((all) => encode(all.slice(0, 5))),
  ),
  {
    ...before(
      'segment-planted-unlocked',
      'puts the true segment without a lock, to take it away later',
      [],
      async (world, { history }) => {
        world.store.plant(KEY, encode(rows(world)));
        await history.liveOn(world, 'day-4-recorded');
        const { version } = world.store.object(KEY);
        if ((await world.store.remove(KEY, version)) !== 'protected') throw new Error('the segment could be removed');
      },
    ),
    standsStill: true,
  },
  before('segment-marked-beforehand', 'puts a delete marker where a segment is going to be', [], (world) =>
    world.store.mark(KEY),
  ),
  before(
    'segment-covered-before-sealing',
    'puts an edited copy over a segment that is not sealed yet',
    [evidence],
    async (world) => void world.store.plant(KEY, await forgedSegment(world, KEY, 0)),
    'day-4-archived',
  ),
  before(
    'segment-marked-before-sealing',
    'puts a delete marker over a segment that is not sealed yet',
    [],
    (world) => world.store.mark(KEY),
    'day-4-archived',
  ),
];
