// What somebody hands in to be verified: a bundle, an export, or the proof of an entry.
import { type Container, rooted } from '../../core/bundle/container.ts';
import { FILES } from '../../core/bundle/files.ts';
import { MANIFEST_FILE } from '../../core/export/manifest.ts';

export type EvidenceKind = 'bundle' | 'export' | 'proof';

const BRACE = 0x7b;

/** A file whose first byte is a brace is JSON, of which only a proof comes alone; an archive never begins so. */
export function isDocument(firstBytes: Uint8Array): boolean {
  return firstBytes[0] === BRACE;
}

/** An export where there is the manifest of one and none of a bundle; whatever else it is, a bundle's reader says best. */
export function kindIn(container: Container): 'bundle' | 'export' {
  if (rooted(container, FILES.manifest).find(FILES.manifest) !== undefined) return 'bundle';
  return rooted(container, MANIFEST_FILE).find(MANIFEST_FILE) === undefined ? 'bundle' : 'export';
}
