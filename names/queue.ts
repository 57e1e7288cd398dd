/** A queue's consumer: how what failed comes again. */
export const QUEUE = {
  urlEnv: 'QUEUE_URL',
  /** After the first failure; each later one waits twice as long, up to the most. */
  firstDelaySeconds: 5,
  mostDelaySeconds: 900,
  /**
   * Deliveries before a message is put aside. With the delays above, the last comes a good hour after the first: as long as
   * a dependency may be away before somebody has to move messages back.
   */
  maxReceiveCount: 12,
} as const;
