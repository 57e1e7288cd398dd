/**
 * Stream records while the runtime is off.
 *
 * DynamoDB Local keeps stream records in its database file (table `us`, shards in `ss`), in the transaction that writes the
 * item: a restart, or SIGKILL, loses none of them, and sequence numbers go on. Two things would still lose records:
 * at its start it deletes those older than 24 h + 6 h, and never returns those older than 24 h. On AWS a function reads all
 * the time; a laptop sleeps over the weekend with blocks that no consumer has seen. And when all records are gone,
 * sequence numbers start again at 1, below every checkpoint.
 *
 * So the clock of the stream stands still while the runtime is off: before Java starts, the times of all records and closed
 * shards move forward by the time since the file was last written.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { messageOf, StartFailure } from '../failure.ts';

export const DATABASE_FILE = 'shared-local-instance.db';

/** Records younger than this are in no danger from the emulator's 24 hours, so the file is left alone. */
const SAFE_AGE_MS = 12 * 3_600_000;

/** The emulator may be stopped for a moment without its records aging; moving less is not worth a write. */
const SHORTEST_SLEEP_MS = 60_000;

/** How long another process may hold the file's lock. */
const LOCK_PATIENCE_MS = 10_000;

/** Call it while no emulator runs on the folder. Answers by how much the records' clock was moved; throws StartFailure. */
export function holdStreamClock(dir: string, now: number): number {
  const file = join(dir, DATABASE_FILE);
  if (!existsSync(file)) return 0;
  try {
    return moveClock(file, now);
  } catch (error) {
    if (error instanceof StartFailure) throw error;
    throw new StartFailure(unusable(file, messageOf(error)), { cause: error });
  }
}

function moveClock(file: string, now: number): number {
  const slept = Math.floor(now - statSync(file).mtimeMs);
  // The Java of a runtime that was killed a moment ago may still be finishing its last transaction.
  const database = new DatabaseSync(file, { timeout: LOCK_PATIENCE_MS });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE name IN ('us', 'ss')").all();
    demandWhole(file, database);
    if (tables.length < 2) return 0;
    const oldest = database.prepare('SELECT MIN(CreationDateTime) AS time FROM us').get()?.time;
    if (typeof oldest !== 'number' || now - oldest < SAFE_AGE_MS) return 0;
    const by = slept < SHORTEST_SLEEP_MS ? 0 : slept;
    database.exec('BEGIN IMMEDIATE');
    if (by > 0) {
      database.prepare('UPDATE us SET CreationDateTime = CreationDateTime + ?').run(by);
      database.prepare('UPDATE ss SET DeletionDateTime = DeletionDateTime + ?').run(by);
    }
    // The newest record carries the counter, whatever its age and whoever has read it.
    database
      .prepare('UPDATE us SET CreationDateTime = ? WHERE SequenceNumber = (SELECT MAX(SequenceNumber) FROM us)')
      .run(now);
    database.exec('COMMIT');
    return by;
  } finally {
    database.close();
  }
}

/** Pages that are missing at the file's end are noticed only when one of them is read, which may be days later. */
function demandWhole(file: string, database: DatabaseSync): void {
  const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count);
  const pageBytes = Number(database.prepare('PRAGMA page_size').get()?.page_size);
  const { size } = statSync(file);
  if (size < pages * pageBytes) throw new StartFailure(unusable(file, `${pages * pageBytes - size} bytes are missing`));
}

function unusable(file: string, reason: string): string {
  return `The database ${file} can't be used: ${reason}; restore the data directory from a copy, or delete it to begin anew.`;
}
