#!/usr/bin/env node
/** Writes the verifiers that are handed out alone into `dist/`, with their SHA-256: `npm run verifiers`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifierFiles } from '../lib/site/verifier.ts';
import { SITE_PATHS } from '../names/site.ts';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

mkdirSync(DIST, { recursive: true });
for (const { path, bytes } of verifierFiles()) {
  const name = path === SITE_PATHS.verifier ? 'verify.html' : basename(path);
  writeFileSync(join(DIST, name), bytes);
  if (path === SITE_PATHS.sums) process.stdout.write(bytes);
}
