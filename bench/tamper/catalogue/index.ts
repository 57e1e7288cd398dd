import type { Mutation } from '../mutation.ts';
import { BUNDLE_CHECKPOINT } from './bundle-checkpoint.ts';
import { BUNDLE_CONTAINER } from './bundle-container.ts';
import { BUNDLE_DIGESTS } from './bundle-digests.ts';
import { BUNDLE_DOCUMENTS } from './bundle-documents.ts';
import { BUNDLE_ENTRIES } from './bundle-entries.ts';
import { BUNDLE_MANIFEST } from './bundle-manifest.ts';
import { BUNDLE_TILES } from './bundle-tiles.ts';
import { DATABASE } from './database.ts';
import { LOG_BUNDLES, LOG_WORLDS } from './log.ts';
import { S3_DOCUMENTS } from './s3-documents.ts';
import { S3_SEGMENTS } from './s3-segments.ts';
import { SEALER } from './sealer.ts';

/** Everything that is tried. */
export const CATALOGUE: readonly Mutation[] = [
  ...DATABASE,
  ...S3_SEGMENTS,
  ...S3_DOCUMENTS,
  ...BUNDLE_ENTRIES,
  ...BUNDLE_TILES,
  ...BUNDLE_DIGESTS,
  ...BUNDLE_DOCUMENTS,
  ...BUNDLE_CHECKPOINT,
  ...BUNDLE_MANIFEST,
  ...BUNDLE_CONTAINER,
  ...LOG_BUNDLES,
  ...LOG_WORLDS,
  ...SEALER,
];
