// Which objects of the digest log are looked at for what covers them.
import { encodeEntryBundle } from '../../core/tiles/entry-bundle.ts';
import { TileError } from '../../core/tiles/error.ts';
import { parsePath } from '../../core/tiles/path.ts';
import { checkpointKey, LOG } from '../../names/log.ts';
import { DigestLog } from '../log/digests.ts';
import { openSeal } from '../log/published.ts';
import type { LogContext } from './context.ts';
import type { DocumentKind } from './covered.ts';

/** What is sealed of the log itself: checkpoints since the first seal that is looked at and, in a full verification, tiles. */
export function logKinds(context: LogContext): readonly DocumentKind[] {
  const { plan } = context;
  return plan.mode === 'full' ? [checkpointsKind(context), tilesKind(context)] : [checkpointsKind(context)];
}

function checkpointsKind({ ports: { store }, plan, policy }: LogContext): DocumentKind {
  return {
    prefix: LOG.sealsPrefix,
    ...(plan.firstSeal === 0 ? {} : { after: checkpointKey(plan.firstSeal - 1) }),
    about: {},
    async genuine(rest) {
      const seal = Number(rest.split('/')[0]);
      if (LOG.sealsPrefix + rest !== checkpointKey(seal)) return undefined;
      return untilTileError(async () => (await openSeal(seal, { store, policy }))?.note);
    },
  };
}

function tilesKind({ ports: { store }, view }: LogContext): DocumentKind {
  return {
    prefix: LOG.logPrefix,
    about: {},
    genuine: (path) =>
      untilTileError(async () => {
        const log = new DigestLog(store, view.published.checkpoint);
        const parsed = parsePath(path);
        if ('tile' in parsed) return log.tiles.read(path);
        const { index, width } = parsed.bundle;
        return encodeEntryBundle((await log.entries(index)).slice(0, width));
      }),
  };
}

/** A path that names no tile, or one that nothing stored leads to: nothing that could be covered. */
async function untilTileError<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TileError) return undefined;
    throw error;
  }
}
