/** The bill of materials: valid by CycloneDX's own schema, complete, and the same each time. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv/dist/ajv.js';
import addFormats from 'ajv-formats';
import { productionOf, ROOT, readLock, readManifest } from '../../../supply/lock.ts';
import { sbomOf } from '../../../supply/sbom.ts';

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly group?: string;
  readonly version: string;
  readonly scope: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly components?: readonly Component[];
}

interface Bom {
  readonly serialNumber: string;
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

const lock = readLock();
const manifest = readManifest();
const bom = sbomOf(lock, manifest) as unknown as Bom;

const component = (ref: string) => bom.components.find((one) => one['bom-ref'] === ref);

/** CycloneDX's schema of version 1.6 with the two that it refers to. */
function validator() {
  const library = createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json');
  const schema = (name: string) =>
    JSON.parse(readFileSync(join(dirname(library), 'res/schema', `${name}.SNAPSHOT.schema.json`), 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: true, formats: { 'idn-email': true, 'iri-reference': true } });
  addFormats.default(ajv);
  for (const name of ['spdx', 'jsf-0.82'])
    ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  return ajv.compile(schema('bom-1.6'));
}

describe('the schema of CycloneDX 1.6', () => {
  const validate = validator();

  test('finds nothing wrong with it', () => {
    expect([validate(bom), validate.errors]).toEqual([true, null]);
  });

  test('would', () => {
    expect(validate({ ...bom, serialNumber: 'urn:uuid:1' })).toBe(false);
    const [first, ...others] = bom.components;
    expect(validate({ ...bom, components: [{ ...first, licenses: [{ license: { id: 'Free' } }] }, ...others] })).toBe(
      false,
    );
  });
});

test('it holds each package of production once, and nothing of development', () => {
  const wanted = new Set(productionOf(lock).map(({ name, version }) => `${name}@${version}`));
  const refs = bom.components.map((one) => one['bom-ref']);
  expect(refs).toEqual([...wanted].sort());
  expect(refs.filter((ref) => ref.startsWith('jest@') || ref.startsWith('aws-cdk@'))).toEqual([]);
});

test('a component has the digest of the lock, in hexadecimal, and its name as purl writes it', () => {
  const version = manifest.dependencies['@aws-sdk/client-s3'];
  const { integrity = '' } = lock.packages['node_modules/@aws-sdk/client-s3'] ?? {};
  expect(component(`@aws-sdk/client-s3@${version}`)).toMatchObject({
    ...{ group: '@aws-sdk', name: 'client-s3', scope: 'required', purl: `pkg:npm/%40aws-sdk/client-s3@${version}` },
    hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex') }],
  });
});

test('DynamoDB Local stands inside the package that carries it', () => {
  const { version } = lock.packages['node_modules/amplify-dynamodb-simulator'] ?? {};
  const inside = component(`amplify-dynamodb-simulator@${version}`)?.components;
  expect(inside?.map(({ name }) => name)).toEqual(['DynamoDB Local']);
});

test('who needs what names components alone, and the project needs what package.json says', () => {
  const refs = new Set([`${manifest.name}@${manifest.version}`, ...bom.components.map((one) => one['bom-ref'])]);
  expect(bom.dependencies.map(({ ref }) => ref)).toEqual([...refs].sort());
  expect(bom.dependencies.flatMap(({ dependsOn = [] }) => dependsOn).filter((ref) => !refs.has(ref))).toEqual([]);
  const own = bom.dependencies.find(({ ref }) => ref === `${manifest.name}@${manifest.version}`);
  const asked = { ...manifest.dependencies, ...manifest.optionalDependencies };
  expect(own?.dependsOn).toEqual(
    Object.entries(asked)
      .map(([name, version]) => `${name}@${version}`)
      .sort(),
  );
});

test('it is the same of the same lock, and another of another', () => {
  expect(JSON.stringify(sbomOf(readLock(ROOT), readManifest(ROOT)))).toBe(JSON.stringify(bom));
  const packages = { ...lock.packages, 'node_modules/more': { version: '1.0.0', license: 'MIT' } };
  expect(sbomOf({ ...lock, packages }, manifest).serialNumber).not.toBe(bom.serialNumber);
});

test('a dependency is found where Node finds it: beside whoever asks, before further up', () => {
  const small = {
    packages: {
      '': { version: '0.1.0', dependencies: { a: '1.0.0', b: '1.0.0' } },
      'node_modules/a': { version: '1.0.0', license: 'MIT', dependencies: { b: '2.0.0', '@s/c': '1.0.0' } },
      'node_modules/a/node_modules/b': { version: '2.0.0', license: 'MIT', dependencies: { '@s/c': '1.0.0' } },
      'node_modules/b': { version: '1.0.0', license: 'MIT' },
      'node_modules/@s/c': { version: '1.0.0', license: 'MIT', peerDependencies: { absent: '1.0.0' } },
    },
  };
  const { dependencies } = sbomOf(small, { ...manifest, name: 'small', version: '0.1.0' });
  expect(dependencies).toEqual([
    { ref: '@s/c@1.0.0' },
    { ref: 'a@1.0.0', dependsOn: ['@s/c@1.0.0', 'b@2.0.0'] },
    { ref: 'b@1.0.0' },
    { ref: 'b@2.0.0', dependsOn: ['@s/c@1.0.0'] },
    { ref: 'small@0.1.0', dependsOn: ['a@1.0.0', 'b@1.0.0'] },
  ]);
});
