// What a page of sealed digests says, as far as it is shown.
import type { Answer } from '../api/client.ts';

type DigestPage = Answer<'listDigests'>;

/** One seal of the tenant. */
export interface SealedDigest {
  readonly number: number;
  /** The deployment's seal that made it. */
  readonly seal: number;
  readonly sealedAt: string;
  readonly nextBy: string;
  /** Entries of all chains together up to this seal. */
  readonly entries: number;
  readonly chains: number;
  /** Place in the log of digests. */
  readonly index: number;
  /** Exact text of the document. */
  readonly text: string;
  /** Size and root of the log behind this seal; undefined where the page does not say. */
  readonly log: { readonly size: number; readonly root: string } | undefined;
}

/** In the order of the page. Throws for a document that is none: the service hands out only what it has sealed. */
export function digestsIn({ digests, seals }: DigestPage): SealedDigest[] {
  const logs = new Map(seals.map(({ seal, size, root }) => [seal, { size, root }]));
  return digests.map(({ number, index, digest: text }) => {
    const { seal, sealedAt, nextBy, chains } = JSON.parse(text) as Pick<
      SealedDigest,
      'seal' | 'sealedAt' | 'nextBy'
    > & {
      readonly chains: readonly { readonly size: number }[];
    };
    const entries = chains.reduce((sum, { size }) => sum + size, 0);
    return { number, seal, sealedAt, nextBy, entries, chains: chains.length, index, text, log: logs.get(seal) };
  });
}

export interface DigestRow extends SealedDigest {
  /** Entries that this seal was the first to have; undefined where the seal before is not known. */
  readonly added: number | undefined;
  /** It came after the one before had said that it is due. */
  readonly late: boolean;
}

/** Newest first. `digests`: in the order of their numbers, without gaps. */
export function rowsOf(digests: readonly SealedDigest[]): DigestRow[] {
  return digests
    .map((digest, i) => {
      const before = digests[i - 1];
      const added = digest.number === 0 ? digest.entries : before && digest.entries - before.entries;
      return { ...digest, added, late: before !== undefined && digest.sealedAt > before.nextBy };
    })
    .toReversed();
}
