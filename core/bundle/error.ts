// Why a bundle, or the folder that it was unpacked into, is refused.
export type BundleFault =
  | 'zip'
  | 'folder'
  | 'version'
  | 'manifest'
  | 'missing-file'
  | 'unknown-file'
  | 'unnamed-file'
  | 'line'
  | 'digest-line'
  | 'seal-line'
  | 'unsealed-line'
  | 'keys'
  | 'checkpoint'
  | 'tenant'
  | 'scope';

/** A bundle is not what docs/format.md, "Bundle", describes, or not one that the given keys say anything about. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
  readonly code: BundleFault;
  /** Of the file inside the bundle, where one is concerned. */
  readonly path: string | undefined;

  constructor(code: BundleFault, message: string, path?: string, cause?: unknown) {
    super(path === undefined ? message : `${path}: ${message}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.path = path;
  }
}

/** A folder is none that a container can be read from, or something in it is not a file that can be read. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
  readonly code = 'folder';
  /** Inside of the folder; undefined of the folder itself. */
  readonly path: string | undefined;
  /** The message without the path. */
  readonly reason: string;

  constructor(message: string, path?: string, cause?: unknown) {
    super(path === undefined ? message : `${path}: ${message}`, cause === undefined ? undefined : { cause });
    this.path = path;
    this.reason = message;
  }
}
