/** The topic that announces every block after it is durable, and its subscribers' queues. */
export const RELAY = {
  topicEnv: 'ENTRIES_TOPIC',
  /** Each has a queue and a dead-letter queue of its own. */
  subscribers: ['index', 'detect', 'forward'],
} as const;

/** Message attributes, for subscribers that filter. */
export const MESSAGE = {
  tenant: 'tenant',
  chain: 'chain',
} as const;
