// The pages for each kind of reader: their blocks run as they stand, and print what the pages say.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Block, blocksOf, readPage } from '../support/pages.ts';
import { type Runtime, startRuntime } from './runtime.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Each has tenants of its own, so that none sees what another recorded. */
const PAGES = ['for-developers', 'mapping', 'for-investigators', 'for-compliance', 'for-auditors', 'for-operators'];

let runtime: Runtime;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-docs-'));
  runtime = await startRuntime({ config: configurationOf('for-compliance') });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  expect(await runtime.stop()).toBe(0);
});

/** The configuration that a page says its blocks run with. */
function configurationOf(page: string): Record<string, unknown> {
  const block = blocksOf(readPage(`docs/${page}.md`)).find(({ info }) => info === 'json example=configuration');
  return JSON.parse(block!.text) as Record<string, unknown>;
}

interface Command extends Block {
  /** What the page says that it prints; `…` stands for anything. */
  readonly prints: string;
}

function commandsOf(page: string): Command[] {
  const blocks = blocksOf(readPage(`docs/${page}.md`));
  return blocks.flatMap((block, i) => {
    const next = blocks[i + 1];
    return block.info === 'sh' ? [{ ...block, prints: next?.info === 'text' ? next.text : '' }] : [];
  });
}

const MARK = '\u0001';

/** Runs all of them in one shell, as somebody would paste them one after the other; answers what each printed. */
function run(commands: readonly Command[], cwd: string): string[] {
  // What the page calls `npx indelible` is this checkout's command line; `node` is the one that runs this.
  const npx = `npx() { shift; "${process.execPath}" "${join(ROOT, 'bin/indelible.ts')}" "$@"; }\n`;
  const script = commands.map(({ text }) => `${text}\nprintf '${MARK}'\n`).join('');
  const output = execFileSync('bash', ['-euo', 'pipefail', '-c', `exec 2>&1\n${npx}${addressed(script)}`], {
    cwd,
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      PORT: new URL(runtime.url).port,
      AWS_PORT: new URL(runtime.awsUrl).port,
    },
  });
  return output.split(MARK).slice(0, -1);
}

const addressed = (script: string): string =>
  script.replaceAll('http://127.0.0.1:8080', runtime.url).replaceAll('http://127.0.0.1:4566', runtime.awsUrl);

/** `…` is any text, blank space at the ends of lines is none. */
function pattern(prints: string): RegExp {
  const parts = prints
    .trim()
    .split('…')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*?')}$`);
}

describe.each(PAGES)('docs/%s.md', (page) => {
  test('runs as it stands, and prints what it says', () => {
    const commands = commandsOf(page);
    expect(commands.length).toBeGreaterThan(0);
    const cwd = mkdtempSync(join(folder, page));
    const printed = run(commands, cwd);
    expect(printed).toHaveLength(commands.length);
    for (const [i, { line, prints }] of commands.entries()) {
      expect(`line ${line}: ${printed[i]}`.trim()).toMatch(pattern(`line ${line}: ${prints}`));
    }
  });
});
