/** CloudWatch metrics (embedded metric format) that code emits and that alarms and the dashboard watch. */
export const METRICS = {
  namespace: 'Indelible',
  /** Entries acknowledged. */
  entriesRecorded: 'EntriesRecorded',
  /** Requests refused for what they hold. */
  entriesRefused: 'EntriesRefused',
  /** Appends that failed because the ledger could not be written. */
  ledgerUnavailable: 'LedgerUnavailable',
  /** Times a writer lost a position to another. */
  appendConflicts: 'AppendConflicts',
  /** Entries written to the archive. */
  entriesArchived: 'EntriesArchived',
  /** Segment objects written to the archive. */
  segmentsWritten: 'SegmentsWritten',
  /** Milliseconds from commit to archive. */
  archiveLag: 'ArchiveLag',
  /** A block was changed or removed, or doesn't verify. */
  tamperingDetected: 'TamperingDetected',
  /** Positions are missing between the archive and the stream, and the ledger doesn't hold them. */
  archiveGap: 'ArchiveGap',
  /** Entries published to the topic. */
  entriesRelayed: 'EntriesRelayed',
  /** Entries whose postings are in the index. */
  entriesIndexed: 'EntriesIndexed',
  /** Milliseconds from commit to index. */
  indexLag: 'IndexLag',
  /** Events turned into entries. */
  eventsObserved: 'EventsObserved',
  /** Events that could not be turned into entries. */
  eventsUnmapped: 'EventsUnmapped',
  /** Events that touch what protects the evidence. */
  protectionTouched: 'ProtectionTouched',
  /** Seals published. */
  sealCompleted: 'SealCompleted',
  /** Entries that a seal is the first to cover. */
  sealedEntries: 'SealedEntries',
  /** Chains whose next position neither ledger nor archive has, at a seal. */
  sealShort: 'SealShort',
  /** Chains of which the ledger, the archive or an entry speaks against what a seal would sign. */
  sealDisputed: 'SealDisputed',
  /** Objects that stood where other bytes belong; kept, and covered by the right ones. */
  foreignObject: 'ForeignObject',
  /** Verifications that found everything intact. */
  verificationPassed: 'VerificationPassed',
  /** Verifications that found something altered, missing or truncated. */
  verificationFailed: 'VerificationFailed',
  /** Verifications that could not check everything. */
  verificationIncomplete: 'VerificationIncomplete',
  /** Segments removed at the end of their retention. */
  segmentsExpired: 'SegmentsExpired',
  /** Segments past their retention that a hold keeps. */
  expiryHeld: 'ExpiryHeld',
  /** Objects among the expired that no seal names. */
  expiryFindings: 'ExpiryFindings',
} as const;
export type MetricName = Exclude<(typeof METRICS)[keyof typeof METRICS], 'Indelible'>;
