/** The read is not in the trail, or nobody knows: nothing of it may be handed out. */
export class ReadNotRecorded extends Error {
  override readonly name = 'ReadNotRecorded';
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, cause: unknown) {
    super('the read could not be recorded', { cause });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
