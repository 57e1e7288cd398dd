export type ZipFault =
  | 'not-a-zip'
  | 'truncated'
  | 'trailing-data'
  | 'overlap'
  | 'mismatch'
  | 'multi-disk'
  | 'comment'
  | 'encrypted'
  | 'method'
  | 'unsupported'
  | 'name'
  | 'duplicate'
  | 'too-many-entries'
  | 'too-large'
  | 'ratio'
  | 'size'
  | 'crc'
  | 'deflate'
  | 'writer';

/** An archive is not what docs/format.md, "Bundle: container", allows, or goes beyond a limit that its reader set. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
  readonly code: ZipFault;
  /** Of the entry, where one is concerned and its name is a valid one: a hostile name reaches no message. */
  readonly path: string | undefined;

  constructor(code: ZipFault, message: string, path?: string, cause?: unknown) {
    super(path === undefined ? message : `${path}: ${message}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.path = path;
  }
}
