// Opens a bundle: its manifest, its keys, its checkpoint, and which files it has.
import { CheckpointError } from '../checkpoint/error.ts';
import type { OpenedCheckpoint } from '../checkpoint/open.ts';
import { openCheckpoint } from '../checkpoint/open.ts';
import { policyOf } from '../checkpoint/policy.ts';
import { DocumentError } from '../documents/error.ts';
import { NoteError } from '../note/error.ts';
import type { VerifierKey } from '../note/key.ts';
import { MAX_NOTE_BYTES } from '../note/text.ts';
import { asBundle, type Container, demandFile } from './container.ts';
import { BundleError } from './error.ts';
import { entriesFile, FILES, fileAt } from './files.ts';
import { parseKeys } from './keys.ts';
import { MANIFEST, type Manifest } from './manifest.ts';

const MAX_README_BYTES = 64 * 1024;

/** A bundle whose files are those of a bundle; what is inside of them is still to be verified. */
export interface OpenBundle {
  readonly files: Container;
  readonly manifest: Manifest;
  /** Those inside. Whoever changed the bundle could change them too. */
  readonly ownKeys: readonly VerifierKey[];
  /** The signed note. */
  readonly note: Uint8Array;
}

/** Throws a BundleError for a container that has other files than a bundle, or lacks one. */
export async function openBundle(files: Container): Promise<OpenBundle> {
  const read = (path: string, maxBytes: number) => readFile(files, path, maxBytes);
  const manifest = parseManifest(await read(FILES.manifest, MAX_README_BYTES));
  const chains = new Set(manifest.chains.map(({ chain }) => chain));
  for (const { path } of files.files) {
    const file = fileAt(path);
    if (file === undefined || ('chain' in file && !chains.has(file.chain))) {
      throw new BundleError('unknown-file', `no bundle has this file${remedyFor(path)}`, path);
    }
  }
  for (const path of [...Object.values(FILES), ...[...chains].map(entriesFile)]) demandFile(files, path);
  await read(FILES.readme, MAX_README_BYTES);
  const ownKeys = parseKeys(await read(FILES.keys, MAX_README_BYTES));
  return { files, manifest, ownKeys, note: await read(FILES.checkpoint, MAX_NOTE_BYTES) };
}

function parseManifest(bytes: Uint8Array): Manifest {
  try {
    return MANIFEST.parse(bytes);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new BundleError(error.code === 'version' ? 'version' : 'manifest', error.message, FILES.manifest, error);
  }
}

/** What file managers leave behind where somebody has looked into a folder, or packed it. */
const LEFT_BEHIND = /(?:^|\/)(?:__MACOSX\/.*|\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini)$/i;

function remedyFor(path: string): string {
  return LEFT_BEHIND.test(path) ? '; a file manager put it there: take it out, and verify again' : '';
}

function readFile(files: Container, path: string, maxBytes: number): Promise<Uint8Array> {
  demandFile(files, path);
  return asBundle(() => files.read(path, maxBytes));
}

/** A checkpoint that all the types of keys signed; throws a BundleError otherwise. */
export function openNote(note: Uint8Array, keys: readonly VerifierKey[], what: string): OpenedCheckpoint {
  try {
    return openCheckpoint(note, policyOf(keys));
  } catch (error) {
    if (!(error instanceof NoteError || error instanceof CheckpointError)) throw error;
    throw new BundleError('checkpoint', `${what} is not signed by the given keys: ${error.message}`, undefined, error);
  }
}
