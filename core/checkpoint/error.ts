// Why a text is no checkpoint that the policy accepts.
export type CheckpointFault =
  | 'lines'
  | 'origin'
  | 'size'
  | 'root'
  | 'extension'
  | 'policy'
  | 'wrong-origin'
  | 'log-signature'
  | 'witnesses'
  | 'unsigned-extension';

/** A text is no checkpoint of C2SP tlog-checkpoint, or not one that the policy believes. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
  readonly code: CheckpointFault;

  constructor(code: CheckpointFault, message: string) {
    super(message);
    this.code = code;
  }
}
