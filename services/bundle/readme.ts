/** What somebody sees who unpacks a bundle and has never heard of it. */
export function readme(tenant: string, log: string, scope: string): string {
  return `Evidence of the audit trail of ${tenant}
${scope}

This archive proves what was recorded, and that nothing of it was changed, removed or put in since. It can be checked
without any account, without the network, and without trusting whoever made it.

How to check it
  node indelible-verify.mjs bundle.zip --keys keys.txt
or in a browser, by the page verify.html. Both are one file each, from the operator or from whoever else has them, and
have no need of a network; who has Indelible itself: npx indelible verify bundle.zip --keys keys.txt

keys.txt has to be the keys of the log ${log}
from somewhere else than this archive: from the operator of the log, from /log/keys, or from an earlier audit. The copy
inside is for convenience; whoever changed the archive could have changed it too.

Whoever kept a checkpoint from an earlier time can check that this evidence continues it, with --checkpoint FILE.

What is inside
  bundle.json              what this bundle covers
  log/checkpoint           signed head of the log: a C2SP signed note
  log/consistency.ndjson   proofs that the log only ever grew
  digests.ndjson           what was sealed, day by day, each with its proof to the checkpoint
  documents/<sha256>.json  what the digests name: segment lists, tombstones of what expired, legal holds
  unsealed.ndjson          names tombstones that are not sealed yet, where there are some: what they excuse is
                           confirmed by a bundle made after the next seal
  chains/<n>/tile/         Merkle tree of a chain of entries: C2SP tiles
  chains/<n>/entries.ndjson  the entries themselves, one a line, in order

The hashes, from bytes to signature
  leaf of an entry   SHA-256(0x00, line without its line feed)
  node of a tree     SHA-256(0x01, left, right), as in RFC 6962
  link of an entry   SHA-256(0x02, link before, leaf); the first one builds on SHA-256("${tenant}#<n>")
  digest             says size, root and last link of every chain; SHA-256(0x00, digest) is a leaf of the log
  checkpoint         size and root of the log, signed with Ed25519 and ML-DSA-44

The whole format is docs/format.md of Indelible, with worked examples.
`;
}
