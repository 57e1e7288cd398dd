// What the console imports: itself, the domain, and what draws it. dependency-cruiser's parser here reads no JSX.
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const OWN = /^(?:console\/(?!tools\/)|core\/|names\/)/;
/** TypeBox is the domain’s own: closed lists of values stand beside its schemas. */
const PACKAGES = /^(?:react|react-dom|typebox|@cloudscape-design\/components)(?:\/|$)/;

test('the console shares nothing with the service but the domain', () => {
  const { metafile } = buildSync({
    ...{ entryPoints: ['console/main.tsx'], absWorkingDir: ROOT, outdir: 'unused', bundle: true, write: false },
    ...{ metafile: true, packages: 'external', format: 'esm', jsx: 'automatic', loader: { '.css': 'empty' } },
  });
  const inputs = Object.entries(metafile.inputs);
  expect(inputs.length).toBeGreaterThan(30);
  expect(inputs.map(([path]) => path).filter((path) => !OWN.test(path))).toEqual([]);
  const packages = inputs.flatMap(([, { imports }]) =>
    imports.filter(({ external }) => external).map(({ path }) => path),
  );
  expect(packages.filter((path) => !PACKAGES.test(path))).toEqual([]);
});

test('the domain does not know the console', () => {
  const { metafile } = buildSync({
    ...{ entryPoints: ['console/main.tsx'], absWorkingDir: ROOT, outdir: 'unused', bundle: true, write: false },
    ...{ metafile: true, packages: 'external', format: 'esm', jsx: 'automatic', loader: { '.css': 'empty' } },
  });
  const back = Object.entries(metafile.inputs)
    .filter(([path]) => !path.startsWith('console/'))
    .flatMap(([path, { imports }]) =>
      imports.filter((one) => one.path.startsWith('console/')).map((one) => [path, one.path]),
    );
  expect(back).toEqual([]);
});
