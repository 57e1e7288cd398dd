// The ledger that a test's system entries go to.
import { zstd } from '../../adapters/zstd.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { parseJson } from '../../core/json/parse.ts';
import { NO_EXTRA_REDACTION } from '../../core/redact/policy.ts';
import { Ledger } from '../../services/append/ledger.ts';
import type { Recording } from '../../services/record/record.ts';
import { type Fault, InjectedFault } from '../fakes/locked-store.ts';
import { MemoryBlockStore } from '../fakes/memory-block-store.ts';
import { FakeClock } from './clock.ts';

/** The ledger that system entries go to, apart from the one that a test is about. */
export class Trail {
  readonly store: MemoryBlockStore;
  readonly recording: Recording;
  /** Asked at every entry, while it is set. */
  fault: (() => Fault) | undefined;

  constructor(now: () => number) {
    this.store = new MemoryBlockStore({ now });
    const clock = Object.assign(new FakeClock(), { now });
    const ledger = new Ledger({ store: this.store, compression: zstd, clock });
    this.recording = {
      ledger: { append: (request) => this.faulty(() => ledger.append(request)) },
      ...{ redaction: NO_EXTRA_REDACTION, now: () => new Date(now()) },
    };
  }

  /** The tenant's entries. */
  // biome-ignore lint/suspicious/noExplicitAny: entries as they are stored; the tests look at them
  entries(tenant: string): any[] {
    const entries = this.store.blocks(`${tenant}#0`).flatMap((block) => decodeBlock(block, zstd).entries);
    return entries.map((bytes) => parseJson(bytes));
  }

  async faulty<T>(act: () => Promise<T>): Promise<T> {
    const fault = this.fault?.();
    if (fault === 'lost') throw new InjectedFault('nothing was written');
    const done = await act();
    if (fault === 'persisted') throw new InjectedFault('the answer is lost');
    return done;
  }
}
