// Searches of the archive with a fault at each of their writes.
import { describe, expect, test } from '@jest/globals';
import { cancelJob } from '../../services/query/cancel.ts';
import { expected, JOB, JobBench, type JobOptions, NOW, placesOf, rowsOf, TENANT } from '../support/query-jobs.ts';

const ROWS = rowsOf(30);

type Mode = 'failed' | 'failed but persisted';

/** Throws at one write, before it or after it. */
class OneFault {
  writes = 0;
  readonly #at: number;
  readonly #mode: Mode;

  constructor(at: number, mode: Mode) {
    this.#at = at;
    this.#mode = mode;
  }

  readonly write = <T>(write: () => T): T => {
    const isNow = this.writes++ === this.#at;
    if (isNow && this.#mode === 'failed') throw new Error('the write was lost');
    const result = write();
    if (isNow) throw new Error('the answer was lost');
    return result;
  };
}

async function bench(fault: OneFault, options: JobOptions = {}): Promise<JobBench> {
  let begun = false;
  const guarded = <T>(write: () => T): T => (begun ? fault.write(write) : write());
  const made = new JobBench(ROWS, { days: 5, limit: 40, fault: guarded, deskFault: guarded, ...options });
  await made.begin();
  begun = true;
  return made;
}

describe.each(['failed', 'failed but persisted'] as const)('a write that %s', (mode) => {
  test('wherever it is, the search ends with the same entries, and asks nothing twice', async () => {
    const undisturbed = new OneFault(-1, mode);
    const reference = await bench(undisturbed);
    await reference.toEnd();
    const wanted = expected(ROWS, reference.request);
    expect(undisturbed.writes).toBeGreaterThan(6);
    for (let at = 0; at < undisturbed.writes; at++) {
      const disturbed = await bench(new OneFault(at, mode));
      expect([at, (await disturbed.toEnd()).status]).toEqual([at, 'succeeded']);
      expect([at, placesOf(await disturbed.found())]).toEqual([at, wanted]);
      expect(disturbed.queries.started).toHaveLength(reference.queries.started.length);
    }
  });

  test('wherever it is, a cancelled search is cancelled, and nothing goes on running', async () => {
    for (let at = 0; at < 4; at++) {
      const disturbed = await bench(new OneFault(at, mode), { looks: 1_000 });
      const steps = disturbed.toEnd(8);
      const cancelling = (async () => {
        for (let attempt = 0; attempt < 3; attempt++) {
          try {
            return await cancelJob(disturbed.jobs, TENANT, JOB, NOW);
          } catch {
            // The caller asks again.
          }
        }
      })();
      await Promise.all([steps, cancelling]);
      expect(await disturbed.job()).toMatchObject({ status: 'cancelled' });
      expect([at, disturbed.queries.running]).toEqual([at, 0]);
    }
  });
});
