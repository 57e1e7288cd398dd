// The first page.

export const home = {
  trail: 'Is the trail intact?',
  sealed: (at: string) =>
    `Last seal: ${at}. Whatever it covers is in the archive, where nobody can change or delete it before its time.`,
  jobs: {
    title: 'Work in progress',
    reload: 'Look again',
    none: 'Nothing is running',
    noneAdvice: 'Exports and searches of the archive are listed here while they run, and for a day after.',
    export: 'Export',
    query: 'Search of the archive',
    everything: 'All entries of the range',
    rows: (shown: string, count: number) => (count === 1 ? '1 entry' : `${shown} entries`),
    status: {
      queued: 'Waiting',
      running: 'Running',
      succeeded: 'Done',
      failed: 'Failed',
      cancelled: 'Stopped',
    },
  },
  recent: {
    title: 'What you last looked for',
    explained: 'Kept in this browser alone, for you alone.',
    clear: 'Clear it',
    none: 'You have not looked for anything here yet',
    noneAdvice: 'Searches and records that you open are listed here, so that you can go on where you were.',
    record: 'Record',
  },
} as const;
