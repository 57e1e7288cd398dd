/**
 * Size and initialisation time of each function's bundle, as it is deployed. `--sizes-only` just writes the bundles to
 * `.bundles/` for size-limit.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleOf, functionNames } from '../lib/constructs/bundle.ts';
import { siteFiles } from '../lib/site/site.ts';
import { SITE } from '../names/site.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(ROOT, '.bundles');
/** Cold starts vary with the machine's mood; the median of a few is a figure. */
const RUNS = 7;

/** What the functions read when they initialise; they connect to nothing before the first event. */
const INIT_ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  LEDGER_TABLE: 'Ledger',
  REQUESTS_TABLE: 'Requests',
  CHAINS_TABLE: 'Chains',
  HOT_WINDOW_SECONDS: '7776000',
  ARCHIVE_BUCKET: 'archive',
  RETENTION: '{}',
  ENTRIES_TOPIC: 'arn:aws:sns:us-east-1:000000000000:entries',
  TENANT_CLAIM: 'custom:tenant',
  ROLE_CLAIM: 'custom:role',
  CASES_CLAIM: 'custom:cases',
  PLANS: '{"full":{"window":"unlimited","downloads":true}}',
  TENANT_ACCESS: '{}',
  SYSTEM_TENANT: 'system',
  SOURCE_TENANTS: '{}',
  STRICT_CATALOG: 'false',
  REDACTION: '{"patterns":[],"pointers":[]}',
  LIMITS: '{}',
  TENANT_RETENTION: '{}',
  LOG_ORIGIN: 'log.example',
  ED25519_KEY: 'arn:aws:kms:us-east-1:000000000000:key/ed25519',
  ML_DSA_44_KEY: 'arn:aws:kms:us-east-1:000000000000:key/ml-dsa-44',
  SEAL_DUE_SECONDS: '90000',
  LOG_PUBLIC_ENTRIES: 'false',
  ALERTS_TOPIC: 'arn:aws:sns:us-east-1:000000000000:alerts',
  HOLD_SWEEP_MACHINE: 'arn:aws:states:us-east-1:000000000000:stateMachine:Hold',
};

export function writeBundles(): { name: string; path: string; bytes: number }[] {
  mkdirSync(OUT, { recursive: true });
  return functionNames().map((name) => {
    const bundle = bundleOf(name);
    const path = join(OUT, `${name}.mjs`);
    writeFileSync(path, bundle);
    return { name, path, bytes: bundle.length };
  });
}

/** Milliseconds that a new process takes to import the bundle, beside those of a process that imports nothing. */
function importMs(path: string): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(pathToFileURL(path).href)}); console.log(performance.now() - t); process.exit()`;
  const times = Array.from({ length: RUNS }, () =>
    Number(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { ...INIT_ENVIRONMENT, PATH: process.env.PATH },
        encoding: 'utf8',
      }),
    ),
  );
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)]!;
}

/** What the function `site` reads when it initialises. */
function writeSite(): void {
  mkdirSync(join(OUT, SITE.folder), { recursive: true });
  for (const [name, bytes] of siteFiles()) writeFileSync(join(OUT, SITE.folder, name), bytes);
}

export function benchBundles(): void {
  writeSite();
  console.log('\nFunctions, as deployed: size minified, median time to import of a new process');
  for (const { name, path, bytes } of writeBundles()) {
    console.log(
      `  ${name.padEnd(10)} ${(bytes / 1000).toFixed(0).padStart(5)} kB ${importMs(path).toFixed(0).padStart(5)} ms`,
    );
  }
}

if (import.meta.main) {
  if (process.argv.includes('--sizes-only')) writeBundles();
  else benchBundles();
}
