// The whole catalogue of mutations.
import type { Mutation } from '../mutation.ts';
import { BUNDLE_CHECKPOINT } from './bundle-checkpoint.ts';
import { BUNDLE_CONTAINER } from './bundle-container.ts';
import { BUNDLE_DIGESTS } from './bundle-digests.ts';
import { BUNDLE_DOCUMENTS } from './bundle-documents.ts';
import { BUNDLE_ENTRIES } from './bundle-entries.ts';
import { BUNDLE_LINES } from './bundle-lines.ts';
import { BUNDLE_MANIFEST } from './bundle-manifest.ts';
import { BUNDLE_TILES } from './bundle-tiles.ts';
import { BUNDLE_UNSEALED } from './bundle-unsealed.ts';
import { DATABASE_BLOCKS } from './database-blocks.ts';
import { DATABASE_ENTRIES } from './database-entries.ts';
import { DATABASE_LOST } from './database-lost.ts';
import { DATABASE_POISON } from './database-poison.ts';
import { DATABASE_RESTORED } from './database-restored.ts';
import { DATABASE_ROWS } from './database-rows.ts';
import { DATABASE_SEALED } from './database-sealed.ts';
import { EXPORT_FILES } from './export-files.ts';
import { LOG_BUNDLES, LOG_WORLDS } from './log.ts';
import { S3_AHEAD } from './s3-ahead.ts';
import { S3_OVER } from './s3-over.ts';
import { S3_PLANTED } from './s3-planted.ts';
import { S3_REPORTS } from './s3-reports.ts';
import { S3_SEGMENTS } from './s3-segments.ts';
import { S3_UNBACKED } from './s3-unbacked.ts';
import { SEALER_DIGESTS } from './sealer-digests.ts';
import { SEALER_DOCUMENTS } from './sealer-documents.ts';
import { SEALER_TIMES } from './sealer-times.ts';

/** Everything that is tried. */
export const CATALOGUE: readonly Mutation[] = [
  ...DATABASE_BLOCKS,
  ...DATABASE_ROWS,
  ...DATABASE_LOST,
  ...DATABASE_POISON,
  ...DATABASE_RESTORED,
  ...DATABASE_ENTRIES,
  ...DATABASE_SEALED,
  ...S3_PLANTED,
  ...S3_UNBACKED,
  ...S3_SEGMENTS,
  ...S3_AHEAD,
  ...S3_OVER,
  ...S3_REPORTS,
  ...BUNDLE_ENTRIES,
  ...BUNDLE_TILES,
  ...BUNDLE_DIGESTS,
  ...BUNDLE_LINES,
  ...BUNDLE_DOCUMENTS,
  ...BUNDLE_UNSEALED,
  ...BUNDLE_CHECKPOINT,
  ...BUNDLE_MANIFEST,
  ...BUNDLE_CONTAINER,
  ...EXPORT_FILES,
  ...LOG_BUNDLES,
  ...LOG_WORLDS,
  ...SEALER_DIGESTS,
  ...SEALER_DOCUMENTS,
  ...SEALER_TIMES,
];
