// Compares what a bundle says to cover with what its digests say.
import type { ChainPlan } from '../verify/chain.ts';
import { finding, type OnFinding } from '../verify/finding.ts';
import type { VerifiedDigests } from '../verify/report.ts';
import type { Bound } from '../verify/verify.ts';
import { BundleError } from './error.ts';
import { FILES } from './files.ts';
import type { Manifest } from './manifest.ts';

/**
 * Holds what the manifest says that the bundle covers against what the digests say. A bundle may cover less than all,
 * but it has to say so: what it claims to cover and leaves out refuses it.
 */
export class Scope {
  readonly #manifest: Manifest;

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
  }

  /** How far the bodies of a chain are inside, from where its first sealed range begins. */
  bound({ chain, anchor, sealedRanges, lists }: ChainPlan, report: OnFinding): Bound {
    const claimed = this.#manifest.chains.find((one) => one.chain === chain);
    if (claimed === undefined) throw scopeError(`chain ${chain} is in the digests and not in the manifest`);
    const size = sizeOf({ sealedRanges, anchor });
    const from = sealedRanges[0]?.from ?? size;
    if (claimed.from !== from) throw scopeError(`chain ${chain} begins at ${claimed.from}, want ${from}`);
    if (claimed.through > size) return this.#cut(chain, claimed.through, size, report);
    const ends = [from, ...sealedRanges.map(({ head }) => head.size)];
    if (!ends.includes(claimed.through)) throw scopeError(`chain ${chain} ends inside what one digest sealed`);
    const { to } = this.#manifest;
    const left = lists.filter((list) => list.through > claimed.through && (to === undefined || list.days[0] <= to));
    if (left.length > 0 || (to === undefined && claimed.through !== size)) {
      throw scopeError(`chain ${chain} has entries of the days that were asked for beyond ${claimed.through}`);
    }
    return { through: claimed.through };
  }

  #cut(chain: number, claimed: number, size: number, report: OnFinding): Bound {
    const { tenant } = this.#manifest;
    const where = { tenant, chain, first: size, last: claimed - 1 };
    const expected = `digests that seal the positions up to ${claimed - 1}`;
    report(finding('ends-early', { ...where, expected, found: `digests up to position ${size - 1}` }));
    return { through: size, unsealed: true };
  }

  /** The digests that the manifest names are there. */
  checkDigests(digests: VerifiedDigests | undefined, report: OnFinding): void {
    const { tenant, from, first, last } = this.#manifest;
    if (from === undefined && first !== 0) throw scopeError('a bundle of all days begins with digest 0');
    const anchored = digests?.anchorSealedAt;
    if (from !== undefined && anchored !== undefined && anchored >= startOf(from)) {
      throw scopeError(`the digest of ${anchored} is of the days that were asked for, and its entries are left out`);
    }
    if (digests === undefined || digests.last === last) return;
    if (digests.last > last) throw scopeError(`digest ${digests.last} is behind the last, ${last}`);
    report(finding('ends-early', { tenant, expected: `digests up to ${last}`, found: `digest ${digests.last}` }));
  }
}

/** How long the chain is in the digests. */
export function sizeOf({ sealedRanges, anchor }: Pick<ChainPlan, 'sealedRanges' | 'anchor'>): number {
  return sealedRanges.at(-1)?.head.size ?? anchor?.size ?? 0;
}

function scopeError(message: string): BundleError {
  return new BundleError('scope', message, FILES.manifest);
}

/** Midnight, UTC, at which a day begins. */
export function startOf(day: string): string {
  return `${day}T00:00:00.000Z`;
}
