#!/usr/bin/env node
/** The CDK app: `node bin/app.ts`, or `cdk` by way of cdk.json. */
import { visibleLines } from '../core/visible.ts';
import { indelible } from '../lib/app.ts';
import { ConfigurationError } from '../lib/config/validate.ts';
import { keepBundlesIn } from '../lib/constructs/bundle.ts';

try {
  // The local runtime names a folder for the sources as they are; a deployment names none, and bundles anew.
  if (process.env.INDELIBLE_BUNDLES) keepBundlesIn(process.env.INDELIBLE_BUNDLES);
  const outdir = process.env.CDK_OUTDIR || 'cdk.out';
  indelible({ configFile: process.env.INDELIBLE_CONFIG, app: { outdir } }).app.synth();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(visibleLines(error.message));
  process.exitCode = 1;
}
