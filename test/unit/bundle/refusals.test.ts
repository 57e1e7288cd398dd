// Bundles that are refused.
import { expect, test } from '@jest/globals';
import { MANIFEST } from '../../../core/bundle/manifest.ts';
import { formatVerifierKey } from '../../../core/note/key.ts';
import { bundleOf, bundleRefusal, packed, unpacked, verifyBytes } from '../../support/bundling.ts';
import { ORIGIN, SealedTenant } from '../../support/sealed-tenant.ts';
import { signer } from '../../support/signers.ts';
import { forge } from '../../support/zip-forger.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const bytesOf = (content: string) => new TextEncoder().encode(content);

async function tenant(): Promise<SealedTenant> {
  const made = new SealedTenant();
  for (let day = 0; day < 3; day++) {
    made.append(0, 100);
    await made.seal();
  }
  return made;
}

type ChainScope = ReturnType<typeof MANIFEST.parse>['chains'][number];
type Files = Map<string, Uint8Array>;

/** A bundle that somebody unpacked, changed and packed again. */
async function changed(change: (files: Files, made: SealedTenant) => void, period = {}): Promise<Buffer> {
  const made = await tenant();
  const files = await unpacked(await bundleOf(made, period));
  change(files, made);
  return packed(files);
}

const edit = (path: string, change: (content: string) => string) => (files: Files) =>
  void files.set(path, bytesOf(change(text(files.get(path)!))));

const manifest = (change: (content: ReturnType<typeof MANIFEST.parse>) => object) => (files: Files) =>
  void files.set('bundle.json', bytesOf(sorted(change(MANIFEST.parse(files.get('bundle.json')!)))));

/** Canonical, whether or not it is a manifest. */
function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${sorted(member)}`).join(',')}}`;
}

test('what is not changed is intact', async () => {
  expect(await bundleRefusal(await changed(() => {}))).toBe('accepted as intact');
  expect(await bundleRefusal(await changed(manifest((one) => one)))).toBe('accepted as intact');
});

test('no zip, an empty file, one that is cut short anywhere, and one with something behind it are refused', async () => {
  const bundle = await bundleOf(await tenant());
  for (const bytes of [Buffer.from('no zip at all'), Buffer.alloc(0), Buffer.concat([bundle, Buffer.from('x')])]) {
    expect(await bundleRefusal(bytes)).toBe('zip');
  }
  for (let length = 1; length < bundle.length; length += Math.ceil(bundle.length / 40)) {
    expect(await bundleRefusal(bundle.subarray(0, length))).toBe('zip');
  }
});

test('a changed byte is refused or found, or changes no file, wherever it is', async () => {
  const bundle = await bundleOf(await tenant());
  const whole = await unpacked(bundle);
  for (let at = 0; at < bundle.length; at += Math.ceil(bundle.length / 120)) {
    const flipped = Buffer.from(bundle);
    flipped[at] = flipped[at]! ^ 0x10;
    const said = await bundleRefusal(flipped);
    if (said === 'accepted as intact') expect(await unpacked(flipped)).toEqual(whole);
  }
});

test.each([
  ['a way out of the folder', [{ name: '../bundle.json', content: '{}' }]],
  ['an absolute path', [{ name: '/bundle.json', content: '{}' }]],
  [
    'an entry twice',
    [
      { name: 'bundle.json', content: '{}' },
      { name: 'bundle.json', content: '{}' },
    ],
  ],
  ['a bomb', [{ name: 'bundle.json', content: '{}', central: { size: 2 ** 31 } }]],
  ['data behind the end of a compressed stream', [{ name: 'bundle.json', data: Buffer.from('0300ffff', 'hex') }]],
  ['another way to compress', [{ name: 'bundle.json', content: '{}', method: 12 }]],
])('%s is refused', async (_, entries) => {
  expect(await bundleRefusal(forge(entries))).toBe('zip');
});

test('an archive of nothing is not intact', async () => {
  expect(await bundleRefusal(forge([]))).toBe('missing-file');
});

test.each([
  'bundle.json',
  'README.txt',
  'keys.txt',
  'log/checkpoint',
  'log/consistency.ndjson',
  'digests.ndjson',
  'chains/0/entries.ndjson',
])('without %s it is no bundle', async (path) => {
  expect(await bundleRefusal(await changed((files) => void files.delete(path)))).toBe('missing-file');
});

test.each([
  'evil.exe',
  'documents/notes.txt',
  'chains/0/tile/0/0',
  'chains/0/tile/entries/000',
  'chains/1/entries.ndjson',
  'chains/00/entries.ndjson',
  'log/tile/0/000',
])('with %s it is no bundle', async (path) => {
  expect(await bundleRefusal(await changed((files) => void files.set(path, bytesOf('x'))))).toBe('unknown-file');
});

test('files that look like evidence and that nothing names are refused', async () => {
  for (const path of [`documents/${'0'.repeat(64)}.json`, 'chains/0/tile/0/000.p/7', 'chains/0/tile/3/000']) {
    expect(await bundleRefusal(await changed((files) => void files.set(path, bytesOf('x'))))).toBe('unnamed-file');
  }
});

test('an unknown version is said to be one, and what is no manifest is none', async () => {
  expect(await bundleRefusal(await changed(manifest((one) => ({ ...one, v: 2 }))))).toBe('version');
  expect(await bundleRefusal(await changed(manifest((one) => ({ ...one, kind: 'digest' }))))).toBe('manifest');
  expect(await bundleRefusal(await changed(manifest((one) => ({ ...one, more: 1 }))))).toBe('manifest');
  expect(await bundleRefusal(await changed(edit('bundle.json', (one) => ` ${one}`)))).toBe('manifest');
  expect(await bundleRefusal(await changed(edit('bundle.json', () => '')))).toBe('manifest');
});

test.each([
  ['a day that no calendar has', { to: '2026-99-99' }],
  ['a 29 February of a common year', { from: '2026-02-29' }],
  ['a month 0', { to: '2026-00-10' }],
  ['a time that there is not', { createdAt: '9999-99-99T99:99:99.999Z' }],
  ['hour 24', { createdAt: '2026-05-01T24:00:00.000Z' }],
  ['a leap second', { createdAt: '2026-06-30T23:59:60.000Z' }],
  ['a last day before the first', { from: '2026-03-03', to: '2026-03-02' }],
  ['a number that no digest has', { last: -1 }],
])('a manifest with %s is none', async (_, change) => {
  expect(await bundleRefusal(await changed(manifest((one) => ({ ...one, ...change }))))).toBe('manifest');
});

test('keys of another deployment, too few of them and none are refused', async () => {
  const made = await tenant();
  const bundle = await bundleOf(made);
  expect(await bundleRefusal(bundle, { keys: made.keys })).toBe('accepted as intact');
  const others = (name: string) => [signer(name, 'ed25519').key, signer(name, 'ml-dsa-44-cosignature').key];
  expect(await bundleRefusal(bundle, { keys: others(ORIGIN) })).toBe('checkpoint');
  expect(await bundleRefusal(bundle, { keys: others('log.example/other') })).toBe('checkpoint');
  const [ed25519, mlDsa44] = made.keys.map((key) => `${formatVerifierKey(key)}\n`);
  for (const keys of [
    '',
    ed25519!,
    mlDsa44!,
    'no key\n',
    `${ed25519}${mlDsa44}${formatVerifierKey(others('log.example/other')[0]!)}\n`,
  ]) {
    expect(await bundleRefusal(await changed(edit('keys.txt', () => keys)))).toBe('keys');
  }
});

test('a checkpoint that only one of the two keys signed is refused', async () => {
  for (const left of [0, 1]) {
    const only = (note: string) => {
      const lines = note.split('\n');
      return [...lines.slice(0, 4), lines[4 + left]!, ''].join('\n');
    };
    expect(await bundleRefusal(await changed(edit('log/checkpoint', only)))).toBe('checkpoint');
  }
});

test.each([
  ['begins later', (chain: ChainScope) => ({ ...chain, from: 100 })],
  ['ends earlier than all', (chain: ChainScope) => ({ ...chain, through: 200 })],
  ['ends inside of a digest', (chain: ChainScope) => ({ ...chain, through: 150 })],
])('a scope that %s is refused', async (_, change: (chain: ChainScope) => ChainScope) => {
  const narrowed = manifest((one) => ({ ...one, chains: one.chains.map(change) }));
  expect(await bundleRefusal(await changed(narrowed))).toBe('scope');
});

test('a last digest before those that are inside is refused', async () => {
  expect(await bundleRefusal(await changed(manifest((one) => ({ ...one, last: 1 }))))).toBe('scope');
});

test('days that were asked for and are left out are refused', async () => {
  const made = await tenant();
  const files = await unpacked(await bundleOf(made, { to: '2026-03-01' }));
  expect((await verifyBytes(await packed(files))).chains).toMatchObject([{ from: 0, through: 100 }]);
  manifest((one) => ({ ...one, to: '2026-03-02' }))(files);
  expect(await bundleRefusal(await packed(files))).toBe('scope');
  const later = await unpacked(await bundleOf(made, { from: '2026-03-04' }));
  expect(await bundleRefusal(await packed(later))).toBe('accepted as intact');
  manifest((one) => ({ ...one, from: '2026-03-03' }))(later);
  expect(await bundleRefusal(await packed(later))).toBe('scope');
  manifest(({ from: _, ...one }) => one)(later);
  expect(await bundleRefusal(await packed(later))).toBe('scope');
});

test('lines that are no lines of the format are refused', async () => {
  expect(await bundleRefusal(await changed(edit('digests.ndjson', (one) => `${one}x`)))).toBe('line');
  expect(await bundleRefusal(await changed(edit('digests.ndjson', (one) => `{}\n${one}`)))).toBe('digest-line');
  expect(await bundleRefusal(await changed(edit('digests.ndjson', (one) => `\n${one}`)))).toBe('digest-line');
  expect(
    await bundleRefusal(await changed(edit('digests.ndjson', (one) => one.replace('"index":', '"index": ')))),
  ).toBe('digest-line');
  expect(await bundleRefusal(await changed(edit('log/consistency.ndjson', (one) => `${one}{"seal":3}\n`)))).toBe(
    'seal-line',
  );
  expect(await bundleRefusal(await changed(edit('chains/0/entries.ndjson', (one) => one.slice(0, -1))))).toBe('line');
  expect(
    await bundleRefusal(await changed(edit('chains/0/entries.ndjson', (one) => `${'x'.repeat(70_000)}\n${one}`))),
  ).toBe('line');
});

test.each([
  ['an entry edited', 'altered', edit('chains/0/entries.ndjson', (one) => one.replace('"0-7"', '"0-8"'))],
  ['an entry removed', 'missing', edit('chains/0/entries.ndjson', (one) => one.split('\n').toSpliced(7, 1).join('\n'))],
  [
    'entries reordered',
    'altered',
    edit('chains/0/entries.ndjson', (one) => one.split('\n').toSorted().slice(1).join('\n').concat('\n')),
  ],
  ['an entry twice', 'altered', edit('chains/0/entries.ndjson', (one) => `${one.split('\n')[0]}\n${one}`)],
  ['an empty line', 'altered', edit('chains/0/entries.ndjson', (one) => `\n${one}`)],
  ['all entries removed', 'missing', edit('chains/0/entries.ndjson', () => '')],
  [
    'the last entries removed',
    'truncated',
    edit('chains/0/entries.ndjson', (one) => `${one.split('\n').slice(0, 290).join('\n')}\n`),
  ],
  [
    'the last digest removed',
    'truncated',
    edit('digests.ndjson', (one) => `${one.split('\n').slice(0, 2).join('\n')}\n`),
  ],
  ['a digest edited', 'altered', edit('digests.ndjson', (one) => one.replace('P30D', 'P10D'))],
  ['no digest at all', 'incomplete', edit('digests.ndjson', () => '')],
  ['a seal left out', 'altered', edit('log/consistency.ndjson', (one) => one.split('\n').toSpliced(1, 1).join('\n'))],
  ['the first seals left out', 'altered', edit('log/consistency.ndjson', (one) => one.split('\n').slice(2).join('\n'))],
  [
    'all seals numbered otherwise',
    'altered',
    edit('log/consistency.ndjson', (one) => one.replace(/"seal":(\d+)/g, (_, seal) => `"seal":${Number(seal) + 100}`)),
  ],
  ['no seal at all', 'altered', edit('log/consistency.ndjson', () => '')],
  ['a tile removed', 'incomplete', (files: Files) => void files.delete('chains/0/tile/0/001.p/44')],
  [
    'a document removed',
    'incomplete',
    (files: Files) => void files.delete([...files.keys()].find((path) => path.startsWith('documents/'))!),
  ],
  [
    'all documents removed',
    'incomplete',
    (files: Files) => {
      for (const path of [...files.keys()]) if (path.startsWith('documents/')) files.delete(path);
    },
  ],
])('%s makes the bundle %s', async (_, verdict, change: (files: Files) => void) => {
  expect(await bundleRefusal(await changed(change))).toBe(`accepted as ${verdict}`);
});

test('a bundle of another tenant in the same log is not this one', async () => {
  const other = manifest((one) => ({ ...one, tenant: 'other' }));
  expect(await bundleRefusal(await changed(other))).toBe('accepted as altered');
});
