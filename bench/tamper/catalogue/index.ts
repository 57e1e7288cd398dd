import type { Mutation } from '../mutation.ts';
import { BUNDLE_CHECKPOINT } from './bundle-checkpoint.ts';
import { BUNDLE_CONTAINER } from './bundle-container.ts';
import { BUNDLE_DIGESTS } from './bundle-digests.ts';
import { BUNDLE_DOCUMENTS } from './bundle-documents.ts';
import { BUNDLE_ENTRIES } from './bundle-entries.ts';
import { BUNDLE_MANIFEST } from './bundle-manifest.ts';
import { BUNDLE_TILES } from './bundle-tiles.ts';

/** Everything that is tried. */
export const CATALOGUE: readonly Mutation[] = [
  ...BUNDLE_ENTRIES,
  ...BUNDLE_TILES,
  ...BUNDLE_DIGESTS,
  ...BUNDLE_DOCUMENTS,
  ...BUNDLE_CHECKPOINT,
  ...BUNDLE_MANIFEST,
  ...BUNDLE_CONTAINER,
];
