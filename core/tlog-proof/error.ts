// Why a text is no proof of C2SP tlog-proof.
export type TlogProofFault = 'header' | 'extra' | 'index' | 'hash' | 'structure';

/** A text is no proof of C2SP tlog-proof. */
export class TlogProofError extends Error {
  override readonly name = 'TlogProofError';
  readonly code: TlogProofFault;

  constructor(code: TlogProofFault, message: string) {
    super(message);
    this.code = code;
  }
}
