/** What a row of the index holds is no list of postings. It says what is wrong, never what the row holds. */
export class PostingsError extends Error {
  override readonly name = 'PostingsError';
  readonly code = 'postings';
}
