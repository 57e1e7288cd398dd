export type BundleFault =
  | 'zip'
  | 'version'
  | 'manifest'
  | 'missing-file'
  | 'unknown-file'
  | 'unnamed-file'
  | 'line'
  | 'digest-line'
  | 'seal-line'
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
