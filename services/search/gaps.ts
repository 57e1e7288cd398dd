// What a search came to and could not vouch for.
import { type Gap, type GapReason, mergeGaps } from '../../core/gap/gap.ts';

/** Gaps that an answer lists; of more, the first. A ledger that was destroyed has as many as it has blocks. */
const MOST_LISTED = 1_000;

/** Gathers gaps of one tenant while a search goes on. */
export class Gaps {
  readonly #tenant: string;
  readonly #found: Gap[] = [];

  constructor(tenant: string) {
    this.#tenant = tenant;
  }

  /** `recovered`: the entries were taken from the archive. */
  add(chain: number, positions: readonly number[], reason: GapReason, recovered = false): void {
    for (const position of positions) this.addRun(chain, position, position, reason, recovered);
  }

  addRun(chain: number, first: number, last: number, reason: GapReason, recovered = false): void {
    const gap = { tenant: this.#tenant, chain, first, last, reason };
    this.#found.push(recovered ? { ...gap, recovered: true } : gap);
  }

  /** By chain, reason and position. */
  get list(): readonly Gap[] {
    return mergeGaps(this.#found).slice(0, MOST_LISTED);
  }
}
