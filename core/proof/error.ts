// Why the proof of an entry is refused.
export type EntryProofFault = 'entry' | 'hash' | 'tenant' | 'chain' | 'tree' | 'index' | 'log' | 'tlog-proof';

/** The parts of an entry proof do not belong together, or not to the entry. */
export class EntryProofError extends Error {
  override readonly name = 'EntryProofError';
  readonly code: EntryProofFault;

  constructor(code: EntryProofFault, message: string) {
    super(message);
    this.code = code;
  }
}
