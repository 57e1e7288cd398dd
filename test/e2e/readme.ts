/** The commands of the README, pasted into a shell one after the other. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Runtime } from './runtime.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** What is not run here, and where it is instead. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  'npm ci && npm start': 'runtime.ts starts it as npm does, but for the packages, which are there',
  'npm ci && npm test': 'this is it',
  'npx cdk bootstrap\nnpx cdk deploy --all': 'wants an AWS account; test/infra synthesizes all of it',
};

/** The shell blocks of the page, as they stand there but for the addresses, which are this runtime's. */
export function readmeBlocks({ url, awsUrl }: Runtime): string[] {
  return [...README.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) =>
    block!.replaceAll('http://127.0.0.1:8080', url).replaceAll('http://127.0.0.1:4566', awsUrl),
  );
}

/** As a shell has it that was told of the runtime's ports and of nothing else. */
export function environment({ url, awsUrl }: Runtime): NodeJS.ProcessEnv {
  const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, AWS_DEFAULT_REGION: ___, ...inherited } = process.env;
  return { ...inherited, PORT: new URL(url).port, AWS_PORT: new URL(awsUrl).port };
}

const NEXT = '--- next block ---';

/** What the README says is `npx indelible` in its folder is this checkout's command line. */
const NPX = `npx() { shift; "${process.execPath}" "${join(ROOT, 'bin/indelible.ts')}" "$@"; }`;

/** Who has no AWS command line gets one that looks whether all is set that the real one needs, and whether somebody answers. */
const AWS = `command -v aws >/dev/null || aws() {
  : "$AWS_ACCESS_KEY_ID$AWS_SECRET_ACCESS_KEY$AWS_DEFAULT_REGION"; test "$1" = --endpoint-url; curl -s -o /dev/null "$2"
}`;

/** What each of the blocks printed. The first command that fails ends all of them, and throws. */
export function paste(blocks: readonly string[], runtime: Runtime, folder: string): string[] {
  const script = [NPX, AWS, ...blocks.map((block) => `${block}\necho '${NEXT}'`)].join('\n');
  const options = { cwd: folder, encoding: 'utf8', env: environment(runtime) } as const;
  const said = execFileSync('bash', ['-euo', 'pipefail', '-c', script], options);
  return said.split(`${NEXT}\n`).slice(0, -1);
}
