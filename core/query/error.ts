/** A query that can't be read. `column` counts Unicode code points from 1. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  readonly code = 'query';
  readonly column: number;
  readonly expected: string;

  constructor(column: number, expected: string) {
    super(`column ${column}: expected ${expected}`);
    this.column = column;
    this.expected = expected;
  }
}
