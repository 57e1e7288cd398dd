// How long entries are kept.

export const retention = {
  explained:
    'The category of an entry decides how long it is kept. Periods are settings of the deployment, and are only shown here.',
  asPreset: (preset: string) => `All periods are those of the preset “${preset}”.`,
  nearPreset: (preset: string, count: number) =>
    `The periods are nearest to the preset “${preset}”; ${count === 1 ? '1 category is' : `${count} categories are`} set otherwise.`,
  lock: 'A period counts from the end of the entry’s day in UTC. It is a lock: what is archived can’t be removed before it ends, by anybody, and is removed by itself afterwards unless a legal hold covers it.',
  table: 'Periods by category',
  category: 'Category',
  labels: 'Called by the requirements',
  period: 'Kept for',
  source: 'Where it comes from',
  changed: 'Set otherwise',
  severity: 'Severity',
} as const;

export const presets = {
  catalog: 'A mixture of all',
  'client-records': 'Records of clients',
  'application-processing': 'Processing applications',
  'compliance-guide': 'Regulation of up to 7 years',
  forms: 'Forms and portals',
  'case-management': 'Case management',
} as const;
