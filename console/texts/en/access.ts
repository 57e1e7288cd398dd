// Roles, what they see, and every operation in words.

export const roles = {
  compliance: {
    name: 'Compliance',
    sees: 'Everything that the organization recorded, but for your own administration while nobody else reviews it.',
  },
  admin: {
    name: 'Administrator',
    sees: 'What concerns users: accounts, sign-ins, sessions, administration.',
  },
  investigator: { name: 'Investigator', sees: 'Entries of the cases that your account lists.' },
  auditor: { name: 'Auditor', sees: 'No entries; exports that were granted to you, and verifications.' },
  operator: { name: 'Operator', sees: 'No entries; verifications, which hold verdicts and places.' },
  writer: { name: 'Writer', sees: 'For programs: they record entries, and read back what they recorded.' },
} as const;

export const access = {
  you: 'You',
  name: 'Name',
  subject: 'Known to the trail as',
  tenant: 'Organization',
  role: 'Role in force',
  recorded:
    'Everything that you look at here is recorded in the trail itself: who, in which role, what was asked for, and how much was shown.',
  table: 'Who may do what',
  tableAdvice:
    'These are the rules that the service goes by. A role that may look sees the entries that belong to it, and no others.',
  operation: 'Operation',
  yours: (role: string) => `${role} (yours)`,
  may: 'Yes',
  mayNot: 'No',
} as const;

export const operations = {
  recordEntries: 'Record entries',
  readEntry: 'Read an entry by its place',
  proveEntry: 'Get the proof of an entry',
  searchEntries: 'Search entries',
  countEntries: 'Count entries over time',
  readHistory: 'Read the history of a record',
  readRelated: 'Read related entries',
  readChanges: 'Read what an entry changed',
  saveSearch: 'Save a search',
  listSearches: 'List saved searches',
  readSearch: 'Read a saved search',
  replaceSearch: 'Change a saved search',
  deleteSearch: 'Remove a saved search',
  startQuery: 'Search the archive',
  listQueries: 'List searches of the archive',
  readQuery: 'See how far a search of the archive is',
  readQueryEntries: 'Read what a search of the archive found',
  cancelQuery: 'Stop a search of the archive',
  startExport: 'Start an export',
  listExports: 'List exports',
  readExport: 'Read and download an export',
  cancelExport: 'Stop an export',
  grantExport: 'Grant an export to somebody',
  startBundle: 'Have a bundle of whole chains made',
  listBundles: 'List bundles',
  readBundle: 'Read and download a bundle',
  cancelBundle: 'Stop a bundle',
  listDigests: 'List sealed digests',
  readDocument: 'Read a sealed document',
  readTile: 'Read a tile of a chain',
  readTiles: 'Read tiles of a chain',
  readBodies: 'Read whole chains, for bundles',
  applyHold: 'Apply a legal hold',
  listHolds: 'List legal holds',
  releaseHold: 'Release a legal hold',
  listVerifications: 'List verifications',
  readVerification: 'Read a verification',
  readCatalog: 'Read the catalog of actions',
} as const;
