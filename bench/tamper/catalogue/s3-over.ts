// Mutations of the archive: versions and markers over sealed ones.
import {
  chainTileKey,
  checkpointKey,
  contentsKey,
  digestKey,
  holdKey,
  listKey,
  logKey,
  tombstoneKey,
} from '../../../names/log.ts';
import { SEALED } from '../history.ts';
import type { Expected, WorldMutation } from '../mutation.ts';
import type { World } from '../world.ts';
import { LONG } from './tools.ts';

/** The newest seal, and how long acme's first chain is in it. */
const SEAL = 3;
const TILE = 'tile/0/002.p/116';

const clean = (why: string): Expected => ({ clean: why });
const JUNK = Buffer.from('{"kind":"digest","v":1}');

/** Over what is sealed, which is still there below; `found` by whoever looks at what is current. */
function over(name: string, does: string, found: Expected, strike: (world: World) => void): WorldMutation {
  const unmoved = clean('the sealed bytes are found below, and exported');
  return {
    name,
    attacker: 's3',
    does,
    after: SEALED,
    strike,
    expected: { incremental: found, full: found, trusted: unmoved },
  };
}

const cover = (
  name: string,
  does: string,
  key: string,
  found: Expected,
  bytes: (world: World) => Uint8Array = () => JUNK,
) => over(name, does, found, (world) => void world.store.plant(key, bytes(world), {}, LONG));

const mark = (name: string, does: string, key: string, found: Expected) =>
  over(name, does, found, (world) => world.store.mark(key));

const covered = (key: string, tenant?: string): Expected => ({
  verdict: 'altered',
  at: [{ code: 'covered', object: new RegExp(`^${key}`), ...(tenant === undefined ? {} : { tenant }) }],
  also: [{ code: 'covered', object: new RegExp(`^${key}`) }],
});

/** The daily verification reads what is new, by version; only the weekly one looks at what is current everywhere. */
const weekly = (mutation: WorldMutation): WorldMutation => ({
  ...mutation,
  expected: { ...mutation.expected, incremental: clean('nothing of what is new is hidden by it') },
});

/** Documents, tiles and checkpoints that are sealed, covered up. */
export const S3_OVER: readonly WorldMutation[] = [
  cover(
    'digest-covered',
    'puts a document over a digest',
    digestKey('acme', SEAL),
    covered(digestKey('acme', SEAL), 'acme'),
  ),
  cover(
    'digest-covered-by-another',
    'puts the digest before over a digest',
    digestKey('acme', SEAL),
    covered(digestKey('acme', SEAL), 'acme'),
    (world) => world.store.object(digestKey('acme', SEAL - 1)).bytes,
  ),
  mark(
    'digest-marked',
    'puts a delete marker over a digest',
    digestKey('acme', SEAL),
    covered(digestKey('acme', SEAL), 'acme'),
  ),
  cover(
    'contents-covered',
    'puts a document over the contents',
    contentsKey('acme', SEAL),
    covered(contentsKey('acme', SEAL), 'acme'),
  ),
  mark(
    'contents-marked',
    'puts a delete marker over the contents',
    contentsKey('acme', SEAL),
    covered(contentsKey('acme', SEAL), 'acme'),
  ),
  cover(
    'list-covered',
    'puts a document over a segment list',
    listKey('acme', SEAL, 0, 523),
    covered(listKey('acme', SEAL, 0, 523), 'acme'),
  ),
  weekly(
    cover(
      'tombstone-covered',
      'puts a document over a tombstone',
      tombstoneKey('acme', 0),
      covered(tombstoneKey('acme', 0), 'acme'),
    ),
  ),
  weekly(
    cover('hold-covered', 'puts a document over a legal hold', holdKey('acme', 0), covered(holdKey('acme', 0), 'acme')),
  ),
  cover(
    'tile-covered',
    'puts bytes over a chain’s tile',
    chainTileKey('acme', 0, TILE),
    covered(chainTileKey('acme', 0, TILE), 'acme'),
    () => Buffer.alloc(116 * 32),
  ),
  weekly(
    mark(
      'tile-marked',
      'puts a delete marker over a chain’s tile',
      chainTileKey('acme', 0, TILE),
      covered(chainTileKey('acme', 0, TILE), 'acme'),
    ),
  ),
  cover(
    'log-tile-covered',
    'puts bytes over the log’s tile',
    logKey('tile/0/000.p/8'),
    covered(logKey('tile/0/000.p/8')),
    () => Buffer.alloc(8 * 32),
  ),
  weekly(
    mark(
      'log-tile-marked',
      'puts a delete marker over the log’s tile',
      logKey('tile/0/000.p/8'),
      covered(logKey('tile/0/000.p/8')),
    ),
  ),
  cover(
    'log-bundle-covered',
    'puts bytes over the log’s entries',
    logKey('tile/entries/000.p/8'),
    covered(logKey('tile/entries/000.p/8')),
  ),
  cover(
    'checkpoint-covered',
    'puts a note that nobody signed over the newest checkpoint',
    checkpointKey(SEAL),
    covered(checkpointKey(SEAL)),
    () => Buffer.from('x\n'),
  ),
  cover(
    'checkpoint-covered-by-before',
    'puts the checkpoint before over the newest one',
    checkpointKey(SEAL),
    covered(checkpointKey(SEAL)),
    (world) => world.store.object(checkpointKey(SEAL - 1)).bytes,
  ),
  mark(
    'checkpoint-marked',
    'puts a delete marker over the newest checkpoint',
    checkpointKey(SEAL),
    covered(checkpointKey(SEAL)),
  ),
  cover(
    'checkpoint-copied-ahead',
    'puts the newest checkpoint under the next seal’s number',
    checkpointKey(SEAL + 1),
    clean('its last digest says which seal it is'),
    (world) => world.store.object(checkpointKey(SEAL)).bytes,
  ),
  cover(
    'checkpoint-copied-far-ahead',
    'puts the newest checkpoint under a number far ahead',
    checkpointKey(SEAL + 9),
    clean('its last digest says which seal it is'),
    (world) => world.store.object(checkpointKey(SEAL)).bytes,
  ),
];
