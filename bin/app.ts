#!/usr/bin/env node
/** The CDK app: `node bin/app.ts`, or `cdk` by way of cdk.json. */
import { visibleLines } from '../core/visible.ts';
import { indelible } from '../lib/app.ts';
import { ConfigurationError } from '../lib/config/validate.ts';

try {
  const outdir = process.env.CDK_OUTDIR || 'cdk.out';
  indelible({ configFile: process.env.INDELIBLE_CONFIG, app: { outdir } }).app.synth();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(visibleLines(error.message));
  process.exitCode = 1;
}
