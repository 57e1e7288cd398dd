/**
 * The software bill of materials: CycloneDX 1.6, made of package.json and the lock file alone. The same lock is the same bytes on
 * each machine and at each time, so it has no timestamp, and its serial number comes of its content.
 */
import { createHash } from 'node:crypto';
import { licenceOf } from './licences.ts';
import { type Lock, type Manifest, nameAt, type Package, productionOf } from './lock.ts';
import { CARRIED, type Carried } from './terms.ts';

interface Component {
  readonly 'bom-ref': string;
  readonly [field: string]: unknown;
}

export function sbomOf(lock: Lock, manifest: Manifest): Record<string, unknown> {
  const { name, version } = manifest;
  const self = `${name}@${version}`;
  const packages = productionOf(lock);
  const components = [...new Map(packages.map((one) => [refOf(one), componentOf(one, packages)])).values()];
  const body = {
    metadata: {
      lifecycles: [{ phase: 'pre-build' }],
      component: {
        ...{ 'bom-ref': self, type: 'application', name, version, purl: purlOf(name, version) },
        licenses: licensesOf(manifest.license),
      },
    },
    components: components.sort((a, b) => compare(a['bom-ref'], b['bom-ref'])),
    dependencies: dependenciesOf(lock, packages, self),
  };
  return {
    ...{ $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json', bomFormat: 'CycloneDX', specVersion: '1.6' },
    ...{ serialNumber: serialOf(JSON.stringify(body)), version: 1, ...body },
  };
}

function refOf({ name, version }: { name: string; version: string }): string {
  return `${name}@${version}`;
}

/** Text is compared by its units, the same wherever it runs. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function componentOf(one: Package, all: readonly Package[]): Component {
  const same = all.filter((other) => refOf(other) === refOf(one));
  // The same version may be there twice, once inside another's archive.
  const integrity = same.find((other) => other.integrity !== undefined)?.integrity;
  const carried = CARRIED.filter(({ within }) => within === one.name);
  const slash = one.name.lastIndexOf('/');
  return {
    ...{ 'bom-ref': refOf(one), type: 'library', name: one.name.slice(slash + 1), version: one.version },
    ...(slash > 0 && { group: one.name.slice(0, slash) }),
    scope: same.every(({ optional }) => optional) ? 'optional' : 'required',
    ...(integrity !== undefined && { hashes: [hashOf(integrity)] }),
    licenses: licensesOf(licenceOf(one)),
    purl: purlOf(one.name, one.version),
    ...(carried.length > 0 && { components: carried.map(carriedComponent) }),
  };
}

function carriedComponent({ name, version, licence }: Carried): Component {
  return { ...{ 'bom-ref': `${name}@${version}`, type: 'application', name, version }, licenses: licensesOf(licence) };
}

function hashOf(integrity: string): { alg: string; content: string } {
  const [algorithm, digest = ''] = integrity.split('-', 2);
  if (algorithm !== 'sha512') throw new Error(`an integrity of ${algorithm}, want sha512`);
  return { alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') };
}

function licensesOf(licence: string | undefined): object[] {
  if (licence === undefined) return [];
  if (/[ ()]/.test(licence)) return [{ expression: licence }];
  return [{ license: licence.startsWith('LicenseRef-') ? { name: licence } : { id: licence } }];
}

function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function dependenciesOf(lock: Lock, packages: readonly Package[], self: string): object[] {
  const at = new Map(packages.map((one) => [one.path, one]));
  const graph = new Map<string, Set<string>>();
  const project = { ...(lock.packages[''] as Package), path: '' };
  for (const one of [project, ...packages]) {
    const ref = one.path === '' ? self : refOf(one);
    const needs = graph.get(ref) ?? new Set();
    const { dependencies, optionalDependencies, peerDependencies } = one;
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const found = resolve(one.path, name, at);
      // A peer that is optional may be absent.
      if (found) needs.add(refOf(found));
    }
    graph.set(ref, needs);
  }
  return [...graph]
    .sort(([a], [b]) => compare(a, b))
    .map(([ref, needs]) => ({ ref, ...(needs.size > 0 && { dependsOn: [...needs].sort(compare) }) }));
}

/** As Node looks for it: from the folder of whoever asks, upwards. */
function resolve(from: string, name: string, at: ReadonlyMap<string, Package>): Package | undefined {
  for (let folder = from; ; folder = parentOf(folder)) {
    const found = at.get(folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`);
    if (found || folder === '') return found;
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.length - nameAt(path).length - '/node_modules/'.length).replace(/^node_modules$/, '');
}

/** A version 8 UUID (RFC 9562): the digest of the content. */
function serialOf(content: string): string {
  const hex = createHash('sha256').update(content).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ];
  return `urn:uuid:${parts.join('-')}`;
}
