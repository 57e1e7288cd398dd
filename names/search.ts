/** Searches as the API, and who asks it, name their parts. */

/** Parameter by parameter, the field that it filters by: several values, with commas between them, are alternatives. */
export const FILTERS = {
  actor: 'actor.id',
  actorType: 'actor.type',
  actorRole: 'actor.role',
  channel: 'context.channel',
  category: 'category',
  action: 'action',
  targetType: 'target.type',
  target: 'target.id',
  severity: 'severity',
  outcome: 'outcome',
  ip: 'source.ip',
} as const;
export type FilterName = keyof typeof FILTERS;
