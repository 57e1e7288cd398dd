/** The command as one file: from an empty folder, without anything beside it, it says what `indelible verify` says. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { writeBenchBundle } from '../../../bench/bundle-maker.ts';
import { verifierFiles } from '../../../lib/site/verifier.ts';
import { SITE_PATHS } from '../../../names/site.ts';
import { type Case, EvidenceFolder } from '../../browser/evidence.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const made = new Map(verifierFiles().map(({ path, bytes }) => [path, bytes]));
const folder = new EvidenceFolder();
const alone = mkdtempSync(join(tmpdir(), 'indelible-alone-'));
beforeAll(() => writeFileSync(join(alone, 'indelible-verify.mjs'), made.get(SITE_PATHS.command)!));

/** By the Node that runs the tests, which finds no package from there. */
function command(args: readonly string[], node = process.execPath): { code: number; text: string } {
  const { status, stdout, stderr } = spawnSync(node, [join(alone, 'indelible-verify.mjs'), ...args], {
    ...{ cwd: folder.folder, encoding: 'utf8', env: { PATH: '' } },
  });
  return { code: status ?? -1, text: stdout + stderr.replace(/^indelible-verify: /, '') };
}

const argsOf = ({ file, keys, checkpoint, entry }: Case): string[] => [
  file,
  ...(keys === undefined ? [] : ['--keys', keys]),
  ...(checkpoint === undefined ? [] : ['--checkpoint', checkpoint]),
  ...(entry === undefined ? [] : ['--entry', entry]),
];

test('says what the command says, with its exit code, of bundles, exports and proofs, good and tampered with', async () => {
  const cases = [...(await folder.good()), ...(await folder.tampered(1))];
  const codes = new Set<number>();
  for (const asked of cases) {
    const told = command(argsOf(asked));
    expect([asked.name, told]).toEqual([asked.name, await folder.told(asked)]);
    codes.add(told.code);
  }
  for (const code of [0, 10, 11, 12, 13, 14, 15]) expect(codes).toContain(code);
});

test('hashes a large bundle in threads of its own file', async () => {
  // 68 MB unpacked: from 64 on threads pay, where there are cores for them.
  await writeBenchBundle(folder.path('large.zip'), 80_000);
  const { code, text } = command(['large.zip']);
  expect([code, text]).toEqual([0, expect.stringContaining('80000 intact')]);
});

/** Those that are installed beside the one that runs the tests: on a developer's machine an older one, such as Node 20. */
function otherNodes(): string[] {
  const found = (process.env.PATH ?? '').split(delimiter).map((path) => join(path, 'node'));
  return [...new Set(found.filter((path) => existsSync(path)).map((path) => realpathSync(path)))];
}

const NODES = otherNodes();
test.each(NODES.length > 0 ? NODES : [process.execPath])('says the same by %s', async (node) => {
  for (const asked of await folder.good()) {
    expect([asked.name, command(argsOf(asked), node)]).toEqual([asked.name, await folder.told(asked)]);
  }
});

describe('wrong calls', () => {
  test.each([
    [[], 2, 'indelible-verify: check evidence'],
    [['--help'], 0, 'indelible-verify: check evidence'],
    [['one.zip', 'two.zip'], 2, 'verify takes one file or folder'],
    [['nothing.zip'], 2, "can't read nothing.zip: ENOENT"],
    [['bundle.zip', '--live'], 2, "Unknown option '--live'"],
    [['bundle.zip', '--expect-through', 'tomorrow'], 2, '--expect-through takes a day'],
    [['bundle.zip', '--entry', 'entry.json'], 2, 'verify of a bundle does not take --entry'],
    [['proof.json'], 2, 'verify of a proof needs --keys FILE'],
    [['export.zip'], 2, 'verify of an export needs --keys FILE'],
  ])('%p: exit code %d', (args, code, text) => {
    const told = command(args);
    expect([told.code, told.text]).toEqual([code, expect.stringContaining(text)]);
  });
});

describe('the files that are handed out', () => {
  test('are the same bytes in whatever folder they are built', () => {
    const copy = mkdtempSync(join(tmpdir(), 'indelible-elsewhere-'));
    const sources = [
      'adapters',
      'bin',
      'cli',
      'core',
      'lib',
      'names',
      'services',
      'verifier',
      'package.json',
      'tsconfig.json',
    ];
    for (const name of sources) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    execFileSync('ln', ['-s', join(ROOT, 'node_modules'), join(copy, 'node_modules')]);
    execFileSync(process.execPath, [join(copy, 'bin/verifiers.ts')], { cwd: tmpdir() });
    const built = readdirSync(join(copy, 'dist')).toSorted();
    expect(built).toEqual(['indelible-verify.mjs', 'verifiers.sha256', 'verify.html']);
    for (const [path, bytes] of made) {
      const name = path === SITE_PATHS.verifier ? 'verify.html' : basename(path);
      expect([name, readFileSync(join(copy, 'dist', name)).equals(bytes)]).toEqual([name, true]);
    }
    execFileSync('sha256sum', ['--check', '--quiet', 'verifiers.sha256'], { cwd: join(copy, 'dist') });
  });

  test('name no folder of the machine that built them', () => {
    for (const bytes of made.values()) {
      const text = Buffer.from(bytes).toString();
      for (const path of [ROOT, tmpdir(), 'node_modules/.cache']) expect(text).not.toContain(path);
    }
  });

  test('hold the notices of what they have parts of', () => {
    for (const [path, names] of [
      [SITE_PATHS.command, ['@noble/curves', '@noble/post-quantum', 're2js', 'typebox', 'hyparquet', 'cli-progress']],
      [SITE_PATHS.verifier, ['@noble/curves', '@noble/post-quantum', 're2js', 'typebox', 'pako']],
    ] as const) {
      const text = Buffer.from(made.get(path)!).toString();
      for (const name of names) expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+$`, 'm'));
      expect(text).toContain('Permission is hereby granted');
    }
  });

  test('import nothing but what Node has', () => {
    const text = Buffer.from(made.get(SITE_PATHS.command)!).toString();
    const imported = [...text.matchAll(/\b(?:from|import)\s*"([\w@./:-]+)"/g)].map(([, name]) => name!);
    expect(imported.length).toBeGreaterThan(5);
    expect(imported.filter((name) => !isBuiltin(name))).toEqual([]);
  });
});
