// Verification and checkpoints.

/** Of every list. */
export const list = {
  loading: 'Loading',
  reload: 'Load again',
  more: 'Show more',
  nothingLoaded: 'It could not be loaded.',
  print: 'Print',
  copy: 'Copy',
} as const;

export const verdicts = {
  intact: {
    name: 'Intact',
    sentence: (at: string) => `Everything that the check of ${at} looked at is intact.`,
    advice: 'Nothing has to be done.',
  },
  unconfirmed: {
    name: 'Not confirmed yet',
    sentence: (at: string) => `The check of ${at} found expired entries whose removal is not sealed yet.`,
    advice: 'The next seal confirms it. Look again after that.',
  },
  incomplete: {
    name: 'Not fully checked',
    sentence: (at: string) => `The check of ${at} could not look at everything.`,
    advice:
      'Nothing was found altered, but what is not checked is not known to be intact. Whoever runs the deployment has to see why.',
  },
  truncated: {
    name: 'Cut off',
    sentence: (at: string) => `The check of ${at} found that the evidence ends before it should.`,
    advice:
      'Treat it as tampering until shown otherwise: change nothing, keep everything, and tell who runs the deployment.',
  },
  missing: {
    name: 'Missing',
    sentence: (at: string) => `The check of ${at} found that sealed evidence is missing.`,
    advice:
      'Treat it as tampering until shown otherwise: change nothing, keep everything, and tell who runs the deployment.',
  },
  altered: {
    name: 'Altered',
    sentence: (at: string) => `The check of ${at} found evidence that is not what was sealed.`,
    advice:
      'Treat it as tampering until shown otherwise: change nothing, keep everything, and tell who runs the deployment.',
  },
} as const;

export const verification = {
  explained:
    'Every day everything new is checked from its bytes, every week everything. No earlier verdict is believed.',
  report: 'One check',
  never: 'Nothing was checked yet',
  neverAdvice: 'Checks run by themselves, every day after the seal. The first one will be listed here.',
  nothingSealed: 'Nothing is sealed yet, so there was nothing to check.',
  intactUntil: (until: string) => `Everything recorded until ${until} is intact.`,
  intactSealed: (at: string) => `Everything that was sealed before the check of ${at} is intact.`,
  noneWaiting: (next: string) => `Nothing was recorded since. The next seal is due ${next}.`,
  waiting: (shown: string, count: number, more: boolean, next: string) =>
    `${more ? `More than ${shown} entries` : count === 1 ? '1 entry' : `${shown} entries`} that you see ${
      count === 1 && !more ? 'waits' : 'wait'
    } for the next seal, which is due ${next}.`,
  checked: (at: string) => `Last check: ${at}.`,
  checkedFully: (at: string) => `Last check of everything: ${at}.`,
  noFull: 'A check of everything is not among those listed.',
  runNow:
    'A check can’t be started from here. To have one now, ask whoever runs the deployment: “indelible verify --live --full” starts it.',
  runbook: (heading: string) => `What they have to do is in the runbook under “${heading}”.`,
  found: 'See what was found',
  overdue: 'There was no check for more than a day',
  overdueAdvice: 'Checks run daily by themselves. Tell whoever runs the deployment that they have stopped.',
  history: 'Checks',
  historyAdvice: 'Newest first. Open one for what it covered and what it found.',
  openOne: 'Open a check',
  when: 'When',
  verdict: 'Verdict',
  mode: 'What was checked',
  modes: { incremental: 'What was new', full: 'Everything' },
  seals: 'Seals',
  noNewSeals: 'no new one',
  entries: 'Entries checked',
  findings: 'Findings',
  noFindings: 'none',
  noFindingsAt: 'Nothing was found.',
  leftOut: (shown: string) => `${shown} more findings are in the report that the archive keeps.`,
  notes: 'Notes',
  upToSeal: 'Up to seal',
  id: 'Name of the check',
  expected: 'Expected',
  gotInstead: 'Found',
  object: 'Object',
  code: 'Code of the finding',
  toDo: 'What to do:',
  before: 'The entry before',
  at: 'The entry at this place',
  after: 'The entry after',
} as const;

export const tally = {
  intact: 'Intact',
  expired: 'Expired by the rules',
  missing: 'Missing',
  altered: 'Altered',
} as const;

export const place = {
  log: 'The log of all seals',
  tenant: (tenant: string) => `Organization ${tenant}`,
  chain: (chain: string) => `chain ${chain}`,
  position: (position: string) => `position ${position}`,
  positions: (first: string, last: string) => `positions ${first} to ${last}`,
  digest: (number: string) => `digest ${number}`,
  seal: (number: string) => `seal ${number}`,
} as const;

/** What findings are about, and what somebody who is no engineer can do. */
export const matters = {
  log: {
    what: 'The log of seals does not continue what it was before, or a checkpoint is not of it.',
    advice: 'Compare with a checkpoint that somebody outside kept: an auditor’s copy, or one in an export. Keep both.',
  },
  seals: {
    what: 'A seal of this organization is not what the log says, or does not continue the one before.',
    advice: 'Have the evidence exported now, before anything changes, and checked by somebody outside.',
  },
  late: {
    what: 'A seal came later than announced, or something is dated too long before its seal.',
    advice: 'Write down why the seal was late. Until then nothing vouches for the time in between.',
  },
  documents: {
    what: 'A document that a seal names is not there, is not what was sealed, or does not account for every position.',
    advice: 'Ask whoever runs the deployment for the object that is named, and whether the archive still has it.',
  },
  expiry: {
    what: 'Entries were removed before their retention ended, or although a legal hold covered them.',
    advice: 'Find out who removed them. Apply a legal hold to what is left of the matter.',
  },
  hashes: {
    what: 'The hashes of a chain do not lead to what was sealed.',
    advice: 'Have the evidence exported now, before anything changes, and checked by somebody outside.',
  },
  bodies: {
    what: 'An entry is not the one that was sealed at this place, is there twice, or is not there.',
    advice: 'Look at the entries around it, and ask the application or system that recorded them for its own copy.',
  },
  entries: {
    what: 'What is sealed at this place is not an entry as the rules have it.',
    advice: 'Find out which application or person wrote it: the field “recorded by” of the entries around says who.',
  },
  segments: {
    what: 'A file of the archive is not there or is not what was sealed.',
    advice: 'Ask whoever runs the deployment for the lock of the named object, and who had access to the archive.',
  },
  store: {
    what: 'Somebody put an object over or beside the evidence. What was sealed is still there below it.',
    advice: 'Ask whoever runs the deployment who wrote the named object. Nothing sealed is lost by it.',
  },
  ledger: {
    what: 'The database holds something else than what was sealed. The archive has what was recorded.',
    advice:
      'Ask whoever runs the deployment who can write to the database. An alarm has been raised with both versions.',
  },
  unchecked: {
    what: 'There was nothing to check here, or it could not be read.',
    advice: 'Whoever runs the deployment has to see why it could not be read, and have it checked again.',
  },
  other: {
    what: 'Something is not as it has to be.',
    advice: 'Show this finding to whoever runs the deployment.',
  },
} as const;

export const checkpoints = {
  explained:
    'A seal binds everything that was recorded until then. A checkpoint is the signed state of all seals: whoever keeps one can show later that nothing below it was changed.',
  newest: 'Newest checkpoint',
  newestAdvice: 'Copy it and keep it outside of this deployment, such as in a letter or with your auditor.',
  none: 'Nothing is sealed yet',
  noneAdvice: 'The first seal is made by itself, within a day of the first entry.',
  copy: 'Copy the checkpoint',
  origin: 'Log',
  size: 'Digests in the log',
  signedAt: 'Signed',
  root: 'Root of the log',
  signedBy: 'Signed by the keys',
  unchecked:
    'This page shows the checkpoint as the service gives it, and does not check its signatures. Whoever must not trust the service checks it elsewhere, with keys that came another way.',
  keys: 'Keys of the log',
  keysAdvice:
    'Read the fingerprint out to somebody who has the keys from elsewhere, such as on paper. If the groups are the same from the first to the last, the keys are.',
  noKeys: 'The service names no keys.',
  fingerprintAdvice: 'The fingerprint is the SHA-256 of the line that “Copy the key” gives, without a line end.',
  kind: 'Kind',
  keyId: 'Id',
  fingerprint: 'Fingerprint to compare',
  key: 'Key',
  copyKey: 'Copy the key',
  digests: 'Seals of your organization',
  digestsAdvice: 'Newest first. Each is numbered, so that none can be left out unnoticed.',
  number: 'Number',
  sealedAt: 'Sealed',
  late: 'late',
  nextBy: 'Next due by',
  added: 'New entries',
  entries: 'Entries in all',
  logAt: 'Checkpoint',
  digest: 'Digest',
  copyDigest: 'Copy the digest',
} as const;

export const keyTypes = {
  ed25519: 'Ed25519',
  ecdsa: 'ECDSA',
  'ed25519-cosignature': 'Ed25519, with the time of signing',
  'ml-dsa-44-cosignature': 'ML-DSA-44, with the time of signing; made to hold against quantum computers',
  unknown: 'A kind that this page does not know',
} as const;
