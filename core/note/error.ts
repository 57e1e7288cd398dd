// Why a signed note, a key or a signature is refused.
export type NoteFault =
  | 'size'
  | 'encoding'
  | 'control-character'
  | 'structure'
  | 'signature-line'
  | 'key-format'
  | 'key-name'
  | 'key-type'
  | 'key-id'
  | 'key'
  | 'ambiguous-key'
  | 'timestamp'
  | 'signature'
  | 'unverified';

/** A note, a verifier key or a signature is not what C2SP signed-note allows, or nobody known signed it. */
export class NoteError extends Error {
  override readonly name = 'NoteError';
  readonly code: NoteFault;
  /** Of the key that a signature claims or that was given. */
  readonly keyName: string | undefined;

  constructor(code: NoteFault, message: string, keyName?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.keyName = keyName;
  }
}
