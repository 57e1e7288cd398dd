/** What is sealed and has to be there is not, or what is there does not prove what was sealed. Names objects, never contents. */
export class EvidenceFault extends Error {
  override readonly name = 'EvidenceFault';
  readonly code = 'evidence';

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
  }
}
