// What mutations of a bundle have in common.
import type { ChainHead, Digest } from '../../../core/documents/digest.ts';
import type { BundleFiles, Bundles } from '../bundles.ts';
import type { BundleMutation, Expected, Place } from '../mutation.ts';
import { type ResealOptions, reseal } from '../reseal.ts';

/** Of acme's first chain. */
export const at = (code: string, first: number, last = first, chain = 0): Place => ({
  ...{ code, tenant: 'acme', chain, first, last },
});

/** Of one of acme's digests. */
export const ofDigest = (code: string, digest: number): Place => ({ code, tenant: 'acme', digest });

export const altered = (...places: Place[]): Expected => ({ verdict: 'altered', at: places });

export type Change = (files: BundleFiles, bundles: Bundles) => unknown;

/** A change of what is inside of acme's bundle, packed again as a perfect archive. */
export function inBundle(
  name: string,
  does: string,
  expected: Expected,
  change: Change,
  options: Partial<BundleMutation> = {},
): BundleMutation {
  return {
    ...{ name, attacker: 'bundle', does, expected: { bundle: expected, trusted: expected } },
    async forge(bundles) {
      const files = await bundles.acme.open();
      await change(files, bundles);
      return files.bytes();
    },
    ...options,
  };
}

/**
 * What follows when the evidence lacks a digest: the next one comes too soon and too late, what it listed is nowhere, what
 * it buried is missing, and where it is the newest, the tiles are another tree's.
 */
export const WITHOUT_DIGEST: readonly Place[] = [
  ...['digest-number', 'digest-late', 'coverage-gap', 'digest-not-newest', 'ends-early', 'slot-number'],
  ...['body-missing', 'skeleton-missing', 'nodes-missing'],
].map((code) => ({ code, tenant: 'acme' }));

/** What a digest says of one chain, changed. */
export const withHead = (digest: Digest, chain: number, change: Partial<ChainHead>): Digest => ({
  ...digest,
  chains: digest.chains.map((one) => (one.chain === chain ? { ...one, ...change } : one)),
});

export type Rewrite = (digests: readonly Digest[], files: BundleFiles) => readonly Digest[];

/** The newest seal made anew, under the log's own signatures: what was sealed before stays as it was. */
export function resealed(
  name: string,
  does: string,
  expected: Expected,
  rewrite: Rewrite,
  options: ResealOptions = {},
): BundleMutation {
  return inBundle(
    `resealed-${name}`,
    does,
    expected,
    (files, bundles) => reseal(files, bundles, (digests) => rewrite(digests, files), options),
    { attacker: 'sealer' },
  );
}
