// Legal holds, and previews of what something is about.

export const preview = {
  count: (shown: string, count: number, more: boolean) =>
    more ? `At least ${shown} entries` : count === 1 ? '1 entry' : count === 0 ? 'No entry' : `${shown} entries`,
  first: (shown: number) => `The newest ${shown} are shown.`,
  role: (role: string) => `Counted is what the role ${role} sees. There may be more.`,
  beyond: (from: string, to: string) =>
    `What was recorded from ${from} to ${to} is in the archive, and neither counted nor shown here. It belongs to it all the same.`,
  gaps: 'Some places can not be read as they were recorded. They are not counted; an alarm has been raised.',
  table: 'First entries',
  recorded: 'This look is recorded as a read of yours.',
} as const;

export const retentions = { permanent: 'Kept for ever' } as const;

export const holds = {
  explained:
    'What a hold covers does not expire, whatever its retention, until the hold has ended. It holds what exists and what arrives while it lasts.',
  one: 'Legal hold',
  table: 'Holds',
  apply: 'Apply a hold',
  newTitle: 'Apply a legal hold',
  show: 'Which holds are shown',
  shown: { active: 'In force', released: 'Ended', all: 'All' },
  none: { active: 'No hold is in force', released: 'No hold has ended', all: 'There was no hold yet' },
  noneAdvice:
    'Apply one where a dispute, an investigation or an authority asks for entries to be kept. It is in force at once.',
  openOne: 'Open a hold',
  since: 'Applied',
  status: 'Status',
  statuses: { active: 'In force', asked: 'In force; its end was asked for', released: 'Ended' },
  covers: 'Covers',
  everything: 'Everything that your organization records',
  everythingAdvice:
    'Without a condition everything is held: nothing of your organization expires while this hold lasts.',
  entries: 'Show these entries',
  history: 'History',
  steps: { applied: 'Applied by', asked: 'End asked for by', released: 'Ended by' },
  by: 'By',
  offices:
    'Compliance and administrators see all holds. The office that applied a hold ends it; where your organization has two reviewers, a second person confirms.',
  done: {
    applied: 'The hold is in force. Marking the files of the archive takes some minutes; nothing expires meanwhile.',
    asked: 'The end of the hold was asked for. It stays in force until another person confirms within 30 days.',
    released: 'The hold has ended. What no other hold covers follows its retention again.',
  },
  mayNot: {
    asked: 'You have asked for the end of this hold. Another person has to confirm it within 30 days.',
    'other-office': 'Another office applied this hold, and only that office can end it.',
  },
  releasing: { release: 'End this hold', confirm: 'Confirm the end of this hold' },
  releaseReason: 'Why the hold ends',
  releaseReasonAdvice: 'It is recorded with your name, and can’t be changed later.',
  keep: 'Keep the hold',
  second:
    'Where your organization has a second reviewer, this is a request, and the hold stays in force until somebody else confirms it. Otherwise it ends at once.',
  expiry: 'What may then expire',
  expiryAdvice:
    'Unless another hold covers it, the daily expiry removes what is past its retention, for good. Of what this hold covers:',
  neverExpires: 'it never expires.',
  expiresBefore: (before: string) => `what was recorded before ${before} goes at the next daily expiry.`,
  notYet: (until: string) => `nothing is past its retention yet; the first of it will be on ${until}.`,
  scope: 'What to hold',
  scopeAdvice: 'An entry is held that meets all of these. What is left empty is no condition.',
  subject: 'Person or thing',
  subjectAdvice: 'An id: of who did something, on whose behalf, or what it was done to.',
  record: 'Record',
  kind: 'Kind of record',
  kindAdvice: 'As applications call it, such as case or customer.',
  recordId: 'Id of the record',
  recordIdAdvice: 'Left empty: all records of the kind.',
  category: 'Category',
  categoryAdvice: 'As the catalog has it.',
  anyCategory: 'Any category',
  range: 'Recorded when',
  rangeAdvice: 'Left empty: all that was and will be recorded.',
  from: 'Recorded from',
  to: 'Recorded before',
  reason: 'Reason',
  reasonAdvice: 'Such as the matter’s reference. It is recorded with your name, and can’t be changed later.',
  reasonLimit: 'At most 2,000 characters.',
  preview: 'What this covers',
  previewAdvice: 'Look at what the hold would cover before you apply it: the count, and ten of the entries.',
  look: 'Look at what it covers',
  lookFirst: 'Look at what it covers first.',
  cancel: 'Back to the holds',
  faults: {
    'missing-kind': 'An id says nothing without the kind of record.',
    reason: 'A hold needs a reason.',
  },
} as const;
