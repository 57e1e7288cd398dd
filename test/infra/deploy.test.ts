/** The commands that README.md and docs/deploy.md deploy with, as they stand there, by the CDK command line of package.json. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STACKS = ['Indelible-Data', 'Indelible-Reading', 'Indelible-App'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-deploy-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Without an account, and without a registry: what isn't installed can't be run. */
function shell(command: string): Ran {
  const { PATH } = process.env as Record<string, string>;
  const nobody = {
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const offline = { npm_config_offline: 'true', npm_config_yes: 'false', CDK_DISABLE_CLI_TELEMETRY: 'true' };
  return spawnSync('bash', ['-euc', command], {
    cwd: ROOT,
    env: { PATH, HOME: folder, CI: 'true', CDK_VALIDATION: 'false', ...nobody, ...offline },
    encoding: 'utf8',
    input: '',
  });
}

const pages = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);
const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** The shell lines of the page's first block with a `cdk deploy`. */
function deployLines(page: string): string[] {
  const blocks = [...read(page).matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);
  const block = blocks.find((text) => text.includes('cdk deploy')) ?? '';
  return block.split('\n').filter((line) => line.startsWith('npx '));
}

test('npx cdk is the command line of package.json', () => {
  const { devDependencies } = JSON.parse(read('package.json'));
  expect(devDependencies['aws-cdk']).toMatch(/^\d+\.\d+\.\d+$/);
  expect(shell('npx cdk --version').stdout).toMatch(new RegExp(`^${devDependencies['aws-cdk']} `));
});

test('every page that runs CDK runs that one, by commands that it has and on stacks that there are', () => {
  const help = shell('npx cdk --help').stdout;
  const uses = pages.flatMap((page) =>
    [...read(page).matchAll(/npx (?:aws-)?cdk[^`\n]*/g)].map(([use]) => [page, use]),
  );
  expect(uses.length).toBeGreaterThan(5);
  for (const [page, use = ''] of uses) {
    const [, cdk, command, ...rest] = use.trim().split(/\s+/);
    expect([page, use, cdk]).toEqual([page, use, 'cdk']);
    if (command === undefined) continue;
    expect([use, new RegExp(`^ +cdk ${command}\\b`, 'm').test(help)]).toEqual([use, true]);
    // The runbook's preamble sets STAGE, which is Indelible unless somebody deployed under another name.
    const words = rest.map((word) => word.replaceAll('"', '').replace('$STAGE', 'Indelible'));
    for (const stack of words.filter((word) => !word.startsWith('-'))) expect(STACKS).toContain(stack);
  }
});

test('the README deploys as docs/deploy.md does', () => {
  expect(deployLines('README.md')).toEqual(['npx cdk bootstrap', 'npx cdk deploy --all']);
  expect(deployLines('docs/deploy.md')).toEqual(deployLines('README.md'));
});

describe('from the README’s folder', () => {
  test('CDK lists the three stacks', () => {
    const { status, stdout } = shell(`npx cdk list --output "${folder}/list"`);
    expect([status, stdout.trim().split('\n').sort()]).toEqual([0, [...STACKS].sort()]);
  });

  test('CDK synthesizes all of them', () => {
    const { status } = shell(`npx cdk synth --all --quiet --output "${folder}/synth"`);
    expect(status).toBe(0);
    for (const stack of STACKS) expect(readdirSync(join(folder, 'synth'))).toContain(`${stack}.template.json`);
  });

  test.each(deployLines('README.md'))('%s gets as far as an account is needed', (line) => {
    const { status, stderr } = shell(`${line} --output "${folder}/deploy"`);
    const errors = stderr.split('\n').filter((said) => /unable|error|fail|❌|unknown/i.test(said));
    expect([status, errors]).toEqual([1, [expect.stringMatching(/^Unable to resolve AWS account to use\./)]]);
  });
});
