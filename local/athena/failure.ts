/** A query that ends as FAILED or CANCELLED; the reason is what GetQueryExecution shows. */
export class QueryFault extends Error {
  override readonly name = 'QueryFault';
  readonly state: 'FAILED' | 'CANCELLED';

  constructor(reason: string, state: 'FAILED' | 'CANCELLED' = 'FAILED') {
    super(reason);
    this.state = state;
  }
}
