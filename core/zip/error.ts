// Why a ZIP archive is refused.
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

/** An archive is not one that docs/format.md, "Bundle: container", lets a reader take, or goes beyond a limit that its reader set. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
  readonly code: ZipFault;
  /** Of the entry, where one is concerned and its name is a valid one. A message shows a refused name with what is hidden in it spelled out. */
  readonly path: string | undefined;
  /** The message without the path. */
  readonly reason: string;

  constructor(code: ZipFault, message: string, path?: string, cause?: unknown) {
    super(path === undefined ? message : `${path}: ${message}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.reason = message;
    this.path = path;
  }
}
