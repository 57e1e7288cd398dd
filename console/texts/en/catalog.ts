// The catalog of actions.

export const catalog = {
  strict: 'Only these actions can be recorded here; others are refused.',
  open: 'Actions that are known here. Applications may record others, with a category of their own choice among these.',
  actions: 'Actions',
  categories: 'Categories',
  find: 'Find actions by any of their words',
  clear: 'Clear what was typed',
  found: (shown: string, count: number) => (count === 1 ? '1 fits' : `${shown} fit`),
  nothing: 'No action fits what you typed.',
  pages: 'Pages of actions',
  sources: 'Named by',
  labels: 'Also called',
  kept: 'Kept for',
  permanent: 'Ever',
  keptAdvice:
    'How long your organization keeps entries of each category. A legal hold keeps what it covers for longer.',
} as const;
