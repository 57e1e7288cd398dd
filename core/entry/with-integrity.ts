/** Writes an entry together with where it stands in its chain and the hashes that prove it: one form for answers, exports and evidence. */

/** Hashes are in lower-case hex. Members that are absent are not written. */
export interface Integrity {
  readonly chain: number;
  readonly position: number;
  readonly leafHash: string;
  readonly previousLink?: string;
  readonly link: string;
  /** Why the entry was taken from the archive, where the ledger has lost it. */
  readonly recovered?: string | undefined;
}

const BEGIN = new TextEncoder().encode('{"entry":');

/**
 * `{"entry":…,"chain":…,"position":…,"leafHash":"…","link":"…"}` in UTF-8. The entry's canonical bytes stand in it as they
 * were hashed, so that a reader can check the leaf hash without parsing.
 */
export function entryWithIntegrity(
  bytes: Uint8Array,
  { chain, position, leafHash, previousLink, link, recovered }: Integrity,
): Uint8Array {
  const members = JSON.stringify({ chain, position, leafHash, previousLink, link, recovered }).slice(1);
  const integrity = new TextEncoder().encode(`,${members}`);
  const written = new Uint8Array(BEGIN.length + bytes.length + integrity.length);
  written.set(BEGIN);
  written.set(bytes, BEGIN.length);
  written.set(integrity, BEGIN.length + bytes.length);
  return written;
}
