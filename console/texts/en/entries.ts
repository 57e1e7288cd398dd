// The page of entries.

export const entries = {
  loading: 'Loading entries',
  reload: 'Load again',
  range: 'Range of time',
  anyTime: 'All that can be searched',
  badRange: 'The range has to end after it begins, and be no longer than a link can say.',
  zone: 'Time zone',
  order: 'Order',
  selection: 'Open an entry',
  openEntry: (sentence: string) => `Open: ${sentence}`,
  count: (shown: string, count: number) => (count === 1 ? '1 entry on this page' : `${shown} entries on this page`),
  nothing: 'No entry was found',
  nothingYet:
    'Nothing was recorded in this range that your role sees. Entries appear here as soon as applications record them.',
  nothingFits: 'Nothing in this range fits what was asked. Take a condition away, or search further back.',
  searchAll: 'Search further back',
  pages: 'Pages of entries',
  nextPage: 'Next page',
  previousPage: 'Previous page',
  page: (page: number) => `Page ${page}`,
  perPage: (count: number) => `${count} entries`,
  preferences: 'Columns and rows',
} as const;

export const zones = { local: 'My zone', utc: 'UTC' } as const;

export const orders = {
  recordedAt: { desc: 'Recorded: newest first', asc: 'Recorded: oldest first' },
  occurredAt: { desc: 'Happened: newest first', asc: 'Happened: oldest first' },
} as const;

export const columns = {
  time: 'Time',
  severity: 'Severity',
  description: 'What happened',
  actor: 'Who',
  target: 'On what',
  source: 'From where',
  outcome: 'Outcome',
  action: 'Action',
  category: 'Category',
  occurredAt: 'Happened',
  recordedAt: 'Recorded',
  role: 'Role',
  channel: 'Channel',
  country: 'Country',
  session: 'Session',
  correlation: 'Correlation',
  request: 'Request',
  recorder: 'Recorded by',
  place: 'Place in the chain',
} as const;

export const severities = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low', info: 'Info' } as const;
export const outcomes = { success: 'Success', failure: 'Failure', denied: 'Denied', unknown: 'Unknown' } as const;
export const actorTypes = {
  user: 'A user',
  service: 'A service',
  system: 'The system',
  anonymous: 'Someone anonymous',
  external: 'Someone external',
} as const;
export const channels = { ui: 'By hand', api: 'By a program', automation: 'Automatically' } as const;

export const filter = {
  label: 'Filter entries',
  placeholder: 'Find entries by text, who, what, on what …',
  nothing: 'No field or value fits what you typed; Enter searches for it as text',
  clear: 'Clear what was asked',
  operation: 'How conditions are joined',
  any: 'any value',
  values: (field: string) => `Values of: ${field}`,
} as const;

export const query = {
  form: 'How to ask',
  asFilters: 'Filters',
  asText: 'Text',
  label: 'Query',
  hint: 'Enter searches. For example: actor.id:u3 AND severity:>=high, or "a phrase".',
  example: 'severity:>=high AND action:auth.*',
  search: 'Search',
  fault: (column: number) => `At character ${column} was expected:`,
  onlyText: 'This query says more than filters can show, so it is shown as text.',
} as const;

export const notices = {
  role: (role: string, sees: string) =>
    `In the role ${role} you see: ${sees} For more, ask the compliance officer of your organization.`,
  ownHidden: 'Your own reads of the trail are not listed.',
  ownShown: 'Your own reads of the trail are listed, where somebody else reviews the trail, too.',
  showOwn: 'List them',
  hideOwn: 'Leave them out',
  beyond: 'Older entries are in the archive',
  beyondAdvice: (from: string, to: string) =>
    `What was recorded from ${from} to ${to} has left the part that is searched at once. A search of the archive finds it (POST /v1/queries).`,
  cutShort: 'There was not the time to look at all of the range for this page. The next page goes on from here.',
  gaps: 'Entries are missing that were recorded',
  gapsAdvice:
    'What is stored at these places is not what was recorded, and is not shown. An alarm has been raised; tell your compliance officer.',
  gap: (chain: string, first: string, last: string, reason: string) =>
    first === last
      ? `Chain ${chain}, position ${first}: ${reason}`
      : `Chain ${chain}, positions ${first} to ${last}: ${reason}`,
} as const;

export const gapReasons = {
  altered: 'was altered',
  unlinked: 'does not continue the chain',
  missing: 'is not there',
  malformed: 'is no entry',
  misdated: 'has a time that can not be',
  planted: 'was put there by somebody',
} as const;

export const news = {
  pause: 'Pause',
  resume: 'Look for new entries',
  paused: 'New entries are not looked for.',
  none: 'New entries are announced here. Each look, one a minute, is recorded as a read.',
  some: (shown: string, count: number, more: boolean) =>
    more ? `${shown} new entries, or more` : count === 1 ? '1 new entry' : `${shown} new entries`,
  show: 'Show them',
} as const;

export const panel = {
  title: 'Entry',
  parts: 'Parts of the entry',
  overview: 'Overview',
  changes: 'View changes',
  connected: 'Connected',
  raw: 'Raw',
  copyLink: 'Copy link',
  copyRaw: 'Copy JSON',
  filterBy: (field: string, value: string) => `Search for ${field}: ${value}`,
} as const;

export const sections = {
  what: 'What',
  actor: 'Who',
  target: 'On what',
  when: 'When',
  source: 'From where',
  context: 'How',
  metadata: 'Metadata',
  record: 'Record',
} as const;

export const changes = {
  none: 'Before and after are the same.',
  count: (shown: string, count: number) => (count === 1 ? '1 difference' : `${shown} differences`),
  what: 'Change',
  where: 'Where',
  before: 'Before',
  after: 'After',
  added: 'Added',
  removed: 'Removed',
  changed: 'Changed',
  everything: 'All of it',
  more: (left: string) => `Show more (${left} left)`,
} as const;

export const connected = {
  by: 'Connected by',
  history: 'History of the record',
  correlation: 'Same correlation',
  request: 'Same request',
  session: 'Same session',
  parent: 'Cause and effects',
  nothing: 'Nothing else is connected in this way that your role sees.',
  here: 'this entry',
  more: (count: number) => `The first ${count} are shown.`,
} as const;

export const show = {
  fold: 'Show less',
  unfold: (characters: number) => `Show all ${characters} characters`,
  invisible: (code: string) => `An invisible character: ${code}`,
} as const;
