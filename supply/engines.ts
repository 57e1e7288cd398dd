/**
 * Which Node runs what. npm asks each package for the Node that runs npm; here that Node only installs. Whatever is run, is run
 * by the Node that is installed with it (optionalDependencies of package.json), or by one that bin/start.js finds new enough.
 * So the lock keeps a package's range only where it holds all that package.json's own `engines` admits, and what it leaves out
 * is asked of each Node that is installed: here, not of whoever installs.
 */
import { satisfies, subset } from 'semver';
import type { Lock, Locked, Manifest } from './lock.ts';

const RUNTIME = /^node-(bin-)?(darwin|linux|win)-/;

/** The versions of Node that package.json brings, by the package's name. */
export function runtimesOf({ optionalDependencies }: Manifest): [string, string][] {
  return Object.entries(optionalDependencies).filter(([name]) => RUNTIME.test(name));
}

function isNarrow({ engines }: Locked, admitted: string): boolean {
  return engines?.node !== undefined && !subset(admitted, engines.node);
}

/** The paths whose range would warn somebody whom package.json admits. */
export function narrowPaths(lock: Lock, { engines }: Manifest): string[] {
  return Object.keys(lock.packages).filter((path) => isNarrow(lock.packages[path] as Locked, engines.node));
}

/** The lock without those ranges. */
export function withoutNarrow(lock: Lock, { engines }: Manifest): Lock {
  const packages = Object.entries(lock.packages).map(([path, locked]) => {
    if (!isNarrow(locked, engines.node)) return [path, locked];
    const { engines: { node: _, ...others } = {}, ...rest } = locked;
    return [path, Object.keys(others).length === 0 ? rest : { ...rest, engines: others }];
  });
  return { ...lock, packages: Object.fromEntries(packages) };
}

/** Each package that a Node which is installed with it is not in the range of. `rangeAt` answers what the package itself says. */
export function unfit(lock: Lock, manifest: Manifest, rangeAt: (path: string) => string | undefined): string[] {
  const paths = Object.keys(lock.packages).filter((path) => path !== '');
  return paths.flatMap((path) => {
    const range = rangeAt(path);
    if (range === undefined) return [];
    return runtimesOf(manifest)
      .filter(([, version]) => !satisfies(version, range))
      .map(([name, version]) => `${path} wants Node ${range}, and ${name} is ${version}`);
  });
}
