// The pages that there are: which operation of the API each stands on, so that a role sees those that it may use.
import { type ComponentType, lazy } from 'react';
import { type AccessRole, type OperationName, POLICY } from '../../core/access/policy.ts';
import type { PageProps } from './page.ts';

export interface Page {
  /** Behind `#/`. */
  readonly name: PageName;
  /** Home stands before all groups. */
  readonly group: 'home' | 'trail' | 'evidence' | 'keep' | 'settings';
  /** A role that may do none of this has no such page. */
  readonly needs: OperationName | readonly OperationName[];
  readonly View: ComponentType<PageProps>;
}

const PAGE_NAMES = [
  'home',
  'entries',
  'searches',
  'record',
  'verification',
  'checkpoints',
  'exports',
  'holds',
  'retention',
  'catalog',
  'access',
] as const;
export type PageName = (typeof PAGE_NAMES)[number];

/** In the order of the navigation. */
const PAGES: readonly Page[] = [
  {
    ...{ name: 'home', group: 'home', needs: ['listVerifications', 'searchEntries', 'listExports'] },
    View: lazy(() => import('../home/page.tsx')),
  },
  { name: 'entries', group: 'trail', needs: 'searchEntries', View: lazy(() => import('../entries/page.tsx')) },
  { name: 'searches', group: 'trail', needs: 'listSearches', View: lazy(() => import('../searches/page.tsx')) },
  { name: 'record', group: 'trail', needs: 'readHistory', View: lazy(() => import('../record/page.tsx')) },
  {
    ...{ name: 'verification', group: 'evidence', needs: 'listVerifications' },
    View: lazy(() => import('../verification/page.tsx')),
  },
  {
    ...{ name: 'checkpoints', group: 'evidence', needs: 'listDigests' },
    View: lazy(() => import('../checkpoints/page.tsx')),
  },
  { name: 'exports', group: 'evidence', needs: 'listExports', View: lazy(() => import('../exports/page.tsx')) },
  { name: 'holds', group: 'keep', needs: 'listHolds', View: lazy(() => import('../holds/page.tsx')) },
  { name: 'retention', group: 'keep', needs: 'readCatalog', View: lazy(() => import('../retention/page.tsx')) },
  { name: 'catalog', group: 'settings', needs: 'readCatalog', View: lazy(() => import('../catalog/page.tsx')) },
  { name: 'access', group: 'settings', needs: 'readCatalog', View: lazy(() => import('../access/page.tsx')) },
];

/** Those of a role; the first one is where it begins. */
export function pagesOf(role: AccessRole): readonly Page[] {
  const operations: readonly OperationName[] = POLICY[role].operations;
  return PAGES.filter(({ needs }) => [needs].flat().some((one) => operations.includes(one)));
}
