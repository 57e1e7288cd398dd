/** Synthesizes the CDK app as anyone would, in a process of its own, with what this machine supplies merged into the configuration. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUNDLE_CACHE, COMPILE_CACHE } from './compiled.ts';
import type { LocalConfig } from './config.ts';
import { messageOf, StartFailure } from './failure.ts';
import { makeOnce } from './kept.ts';
import { ownChild } from './processes.ts';
import { digestOfSources } from './sources.ts';
import { type Assembly, readAssembly } from './template/assembly.ts';

const APP = fileURLToPath(new URL('../bin/app.ts', import.meta.url));

/** The audience of the local issuer's tokens. */
export const LOCAL_AUDIENCE = 'indelible';

export interface Synthesis {
  readonly assembly: Assembly;
  /** False when the configuration names an issuer of its own, whose tokens this machine can't make. */
  readonly localIssuer: boolean;
  /** True when sources and configuration are those of the last start, whose templates and bundles serve again. */
  readonly reused: boolean;
}

export async function synthesize(config: LocalConfig, issuer: string): Promise<Synthesis> {
  const own = config.configFile === undefined ? {} : readOverrides(config.configFile);
  const localIssuer = own.oidc === undefined;
  const merged = { oidc: { issuer, audience: [LOCAL_AUDIENCE] }, ...own };
  mkdirSync(config.dataDir, { recursive: true });
  const configFile = join(config.dataDir, 'config.json');
  writeFileSync(configFile, `${JSON.stringify(merged, undefined, 2)}\n`);
  const directory = join(config.dataDir, 'cdk.out');
  const reused = await makeOnce(
    directory,
    () => digestOfAll(digestOfSources(), merged),
    () => synthesizeInto(directory, configFile),
  );
  return { assembly: readAssembly(directory), localIssuer, reused };
}

async function synthesizeInto(directory: string, configFile: string): Promise<void> {
  const sources = digestOfSources();
  const bundles = join(BUNDLE_CACHE, sources);
  await run({
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    // Three quarters of a synthesis is CDK's check of the templates, which a deployment makes, and `npm test`.
    CDK_VALIDATION: 'false',
    ...process.env,
    CDK_OUTDIR: directory,
    INDELIBLE_CONFIG: configFile,
    INDELIBLE_BUNDLES: bundles,
  });
  // Bundles of sources that changed under the bundler's hands are of neither state.
  if (digestOfSources() === sources) return;
  for (const made of [bundles, `${bundles}-site`]) rmSync(made, { recursive: true, force: true });
}

/** Besides sources and configuration, CDK reads its context and its switches from the environment. */
function digestOfAll(sources: string, config: unknown): string {
  const switches = Object.entries(process.env).filter(([name]) => name.startsWith('CDK_'));
  const text = JSON.stringify([sources, config, switches.sort(([a], [b]) => (a < b ? -1 : 1))]);
  return createHash('sha256').update(text).digest('hex');
}

function readOverrides(file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new StartFailure(`INDELIBLE_CONFIG: ${file} can't be read as JSON: ${messageOf(error)}.`, { cause: error });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new StartFailure(`INDELIBLE_CONFIG: ${file} must hold a JSON object.`);
  }
  return value as Record<string, unknown>;
}

async function run(environment: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, [APP], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  ownChild(child);
  let said = '';
  const listen = (chunk: Buffer): void => {
    said += chunk.toString();
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new StartFailure(`The CDK app could not be synthesized.\n${said.trim()}`);
}
