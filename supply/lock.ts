/** The lock file of npm, as far as the checks of what this project is made of read it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

type Ranges = Readonly<Record<string, string>>;

/** One place in node_modules, or the project itself under the path `''`. */
export interface Locked {
  /** Given where the package is installed under another name. */
  readonly name?: string;
  readonly version: string;
  readonly resolved?: string;
  /** `sha512-` and base64; a package inside another one's archive has none of its own. */
  readonly integrity?: string;
  readonly license?: string;
  readonly engines?: Ranges;
  readonly inBundle?: boolean;
  /** Needed by development alone. */
  readonly dev?: boolean;
  /** The install goes on without it, such as on another platform. */
  readonly optional?: boolean;
  readonly dependencies?: Ranges;
  readonly optionalDependencies?: Ranges;
  readonly peerDependencies?: Ranges;
  readonly [more: string]: unknown;
}

export interface Lock {
  readonly packages: Readonly<Record<string, Locked>>;
  readonly [more: string]: unknown;
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly dependencies: Ranges;
  readonly devDependencies: Ranges;
  readonly optionalDependencies: Ranges;
}

export interface Package extends Locked {
  /** Below the project's folder, such as `node_modules/jose`. */
  readonly path: string;
  readonly name: string;
}

export function readLock(root = ROOT): Lock {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
}

export function readManifest(root = ROOT): Manifest {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
}

export function nameAt(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** All packages of the lock, the project itself left out, in the order of their paths. */
export function packagesOf(lock: Lock): Package[] {
  return Object.entries(lock.packages)
    .filter(([path]) => path !== '')
    .map(([path, locked]) => ({ ...locked, path, name: locked.name ?? nameAt(path) }));
}

/** What `npm ci --omit=dev` installs on one platform or another. */
export function productionOf(lock: Lock): Package[] {
  return packagesOf(lock).filter(({ dev }) => !dev);
}
