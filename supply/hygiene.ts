/** What is wrong with the lock file itself. */
import { narrowPaths } from './engines.ts';
import { type Lock, type Manifest, packagesOf } from './lock.ts';

const EXACT = /^\d+\.\d+\.\d+(-[\w.-]+)?$/;

/** One line a fault; none is right. */
export function lockFaults(lock: Lock, manifest: Manifest): string[] {
  const faults = packagesOf(lock).flatMap(({ path, resolved, integrity, inBundle }) => [
    // Without an address npm asks the registry that it is configured with; an address may be somebody's own mirror.
    ...(resolved === undefined
      ? []
      : [`${path} is fetched from ${resolved}: set omit-lockfile-registry-resolved (.npmrc)`]),
    ...(inBundle || integrity?.startsWith('sha512-')
      ? []
      : [`${path} has no SHA-512: remove the entry, run npm install`]),
  ]);
  const narrow = narrowPaths(lock, manifest).map(
    (path) => `${path} has a range of Node that warns who installs with one that is admitted: run npm run lock`,
  );
  return [...faults, ...narrow, ...versionFaults(manifest)];
}

function versionFaults({ dependencies, devDependencies, optionalDependencies }: Manifest): string[] {
  const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
  const open = all.filter(([, version]) => !EXACT.test(version));
  const clients = Object.entries(dependencies).filter(([name]) => name.startsWith('@aws-sdk/'));
  const versions = new Set(clients.map(([, version]) => version));
  return [
    ...open.map(([name, version]) => `package.json asks for ${name} ${version}: name one version`),
    ...(versions.size > 1
      ? [`package.json has more than one version of the AWS SDK: ${[...versions].join(', ')}`]
      : []),
  ];
}
