// The page of a record.

export const record = {
  title: 'Record',
  explained:
    'Everything that was recorded about one thing, such as a case or an account, in the order in which it happened.',
  find: 'Which record',
  type: 'Kind',
  typeAdvice: 'As the application calls it: case',
  id: 'Id',
  idAdvice: 'Such as: case-0004',
  show: 'Show its history',
  open: 'Open the record',
  loading: 'Loading the history',
  reload: 'Load again',
  print: 'Print',
  first: 'First entry',
  last: 'Last entry',
  entries: 'Entries',
  people: 'People and programs',
  nothing: {
    unasked: {
      title: 'No record is chosen',
      advice: 'Say its kind and its id above, or open it from an entry: “Open the record” stands beside each.',
    },
    empty: {
      title: 'Nothing is recorded of it',
      advice:
        'There is no entry about this record that your role sees. Kind and id have to be written as the application writes them, upper and lower case included.',
    },
  },
  unnameable: {
    title: 'Its history can’t be asked for by its name',
    advice: 'The name holds a slash, or is made of dots. Its entries are found by a search all the same.',
    search: 'Search for its entries',
  },
  ownHidden: (shown: string, count: number) =>
    count === 1 ? 'One read of the trail by you is not listed.' : `${shown} reads of the trail by you are not listed.`,
  ownShown: 'Your own reads of the trail are listed.',
  beyond: (until: string) =>
    `This is what was recorded since ${until}. What is older, if there is any, is in the archive.`,
  deadlines: {
    title: 'Deadlines',
    explained: 'Directive (EU) 2019/1937, Article 9: an acknowledgement within 7 days, feedback within 3 months of it.',
    acknowledgement: 'Acknowledgement',
    feedback: 'Feedback',
    standing: { met: 'In time', late: 'Too late', open: 'Not due yet', missed: 'Missed' },
    unknown: 'Not among the entries that are loaded',
    due: (at: string) => `Due: ${at}`,
    by: 'Met by:',
  },
  state: {
    title: 'State',
    explained: 'Put together from what the entries say of before and after.',
    asOf: 'Show me as of the end of',
    placeholder: 'YYYY-MM-DD',
    before: 'Change before',
    next: 'Next change',
    asNow: 'As it is now',
    now: 'As it is now',
    wasThen: (at: string) => `As it was on ${at}`,
    nothing: 'Nothing is known of its state at that time.',
    value: 'Value',
    is: 'Is',
    since: 'Since',
    by: 'By',
    sinceEver: 'before the first change that is known',
    gone: 'not there',
    empty: 'empty',
    unrecorded: 'Changed in between without an entry. Before this one it was:',
    period: (from: string | undefined, to: string | undefined) =>
      from === undefined
        ? to === undefined
          ? 'all the time'
          : `until ${to}`
        : to === undefined
          ? `since ${from}`
          : `from ${from} to ${to}`,
    more: (left: string) => `Show more (${left} left)`,
  },
  timeline: {
    title: 'Timeline',
    explained: 'In the order in which it happened, whenever it was recorded.',
    scale: 'Gaps to scale',
    later: (time: string) => `${time} later`,
    cut: (at: string) => `Here the state is shown, ${at}`,
    by: 'By',
    late: (at: string) => `recorded later: ${at}`,
    differences: (count: string) => `and ${count} more`,
    part: (count: string) => `The first ${count} entries are shown; the history goes on.`,
    more: 'Show what came next',
    loading: 'Loading',
    most: 'A page shows no more than that. Search or export the entries for the rest.',
  },
  tallies: {
    actors: 'Who touched it',
    actor: 'Who',
    related: 'Related records',
    record: 'Record',
    actions: 'First and last of everything',
    action: 'Action',
    count: 'Entries',
    first: 'First',
    last: 'Last',
    more: (left: string) => `Show more (${left} left)`,
  },
} as const;
