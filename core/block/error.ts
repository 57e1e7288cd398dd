// Why bytes are no block of the format.
export type BlockFault =
  | 'malformed'
  | 'version'
  | 'count'
  | 'size'
  | 'frame'
  | 'trailing-data'
  | 'decompression'
  | 'lines'
  | 'genesis'
  | 'link'
  | 'missing';

/** A block isn't what the format says, or its entries don't give its link. Carries where, never what it holds. */
export class BlockError extends Error {
  override readonly name = 'BlockError';
  readonly code: BlockFault;
  readonly chain: string | undefined;
  readonly position: number | undefined;

  constructor(code: BlockFault, message: string, at: { chain?: string; position?: number } = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.chain = at.chain;
    this.position = at.position;
  }
}
