// Tiles that are forged or gone.
import { expect, test } from '@jest/globals';
import { leafHash } from '../../../../core/chain.ts';
import type { Report } from '../../../../core/verify/report.ts';
import { verifyEvidence } from '../../../../core/verify/verify.ts';
import { SealedTenant } from '../../../support/sealed-tenant.ts';

const SIZE = 1_500;

async function tenant(): Promise<SealedTenant> {
  const made = new SealedTenant();
  for (const count of [400, 500, 600]) {
    made.append(0, count);
    await made.seal();
  }
  return made;
}

const verify = async (made: SealedTenant): Promise<Report> => verifyEvidence(await made.evidence());

const places = (report: Report) => report.findings.map(({ code, first, last }) => [code, first, last] as const);

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Puts another leaf hash into every tile that has the position. */
function forgeLeaf(made: SealedTenant, position: number, hash: Uint8Array): void {
  const index = Math.floor(position / 256);
  for (const [path, tile] of made.chain(0).files) {
    if (!path.startsWith(`tile/0/${String(index).padStart(3, '0')}`)) continue;
    const forged = tile.slice();
    if ((position % 256) * 32 < forged.length) forged.set(hash, (position % 256) * 32);
    made.chain(0).files.set(path, forged);
  }
}

function drop(made: SealedTenant, prefix: string): void {
  for (const path of [...made.chain(0).files.keys()]) if (path.startsWith(prefix)) made.chain(0).files.delete(path);
}

test.each([0, 300, 399, 400, 1_023, 1_499])('a forged leaf hash at %i is the tile, not the entry', async (position) => {
  const made = await tenant();
  forgeLeaf(made, position, leafHash(bytesOf('another')));
  const report = await verify(made);
  const forged = report.findings.filter(({ code }) => code === 'skeleton-altered');
  expect(forged.map(({ first, last }) => [first, last])).toEqual([[position, position]]);
  expect(report.verdict).toBe('altered');
  expect(report.chains[0]!.tally).toMatchObject({ intact: SIZE, altered: 0, missing: 0 });
});

test('an entry altered together with its hash is found in its full tile, where only the inner nodes are right', async () => {
  const made = new SealedTenant();
  made.append(0, SIZE);
  await made.seal();
  made.chain(0).bodies[600] = bytesOf('another');
  forgeLeaf(made, 600, leafHash(bytesOf('another')));
  const report = await verify(made);
  expect(places(report)).toContainEqual(['run-altered', 512, 767]);
  expect(report.chains[0]!.tally).toMatchObject({ intact: SIZE - 256, altered: 256 });
});

test('an entry altered together with its hash, in a tile that no inner node is of, leaves unproven what was sealed with it', async () => {
  const made = await tenant();
  made.chain(0).bodies[1_490] = bytesOf('another');
  forgeLeaf(made, 1_490, leafHash(bytesOf('another')));
  const report = await verify(made);
  expect(places(report)).toEqual([['run-altered', 900, 1_499]]);
  expect(report.chains[0]!.tally).toMatchObject({ intact: 900, altered: 600 });
});

test('an entry that is gone beside a forged leaf hash is not taken for the one behind', async () => {
  const made = new SealedTenant();
  made.append(0, SIZE);
  await made.seal();
  made.chain(0).bodies[700] = undefined;
  forgeLeaf(made, 100, leafHash(bytesOf('another')));
  const report = await verify(made);
  expect(places(report).filter(([code]) => code !== 'nodes-altered')).toEqual([
    ['skeleton-altered', 100, 100],
    ['body-missing', 700, 700],
  ]);
});

test('without tiles the entries alone lead to the sealed links, and the evidence is incomplete', async () => {
  const made = await tenant();
  drop(made, 'tile/');
  const report = await verify(made);
  expect(report.verdict).toBe('incomplete');
  expect(report.chains[0]!.tally).toMatchObject({ intact: SIZE, altered: 0, missing: 0 });
  expect(places(report)).toEqual([
    ['skeleton-missing', 0, 399],
    ['skeleton-missing', 400, 899],
    ['skeleton-missing', 900, 1_499],
  ]);
});

test('without tiles an altered entry leaves unproven what was sealed with it, one that is gone leaves a gap', async () => {
  const made = await tenant();
  drop(made, 'tile/');
  made.chain(0).bodies[450] = bytesOf('another');
  const report = await verify(made);
  expect(places(report)).toContainEqual(['run-altered', 400, 899]);
  const shorter = await tenant();
  drop(shorter, 'tile/');
  shorter.chain(0).bodies[1_499] = undefined;
  const cut = await verify(shorter);
  expect(places(cut)).toContainEqual(['body-missing', 900, 1_499]);
  expect(cut.verdict).toBe('missing');
});

test.each(['00'.repeat(32)])('a head whose root or link is not that of its leaves says which', async (hash) => {
  for (const [member, code] of [
    ['root', 'head-root'],
    ['link', 'head-link'],
  ] as const) {
    const made = new SealedTenant();
    made.append(0, 400);
    await made.seal((digest) => ({ ...digest, chains: digest.chains.map((head) => ({ ...head, [member]: hash })) }));
    const report = await verify(made);
    expect(places(report)).toEqual([[code, 0, 399]]);
    expect(report.chains[0]!.tally).toMatchObject({ intact: 400 });
  }
});

test('inner nodes that do not follow, or are not there, are named by their tile', async () => {
  const made = await tenant();
  const path = [...made.chain(0).files.keys()].filter((one) => one.startsWith('tile/1/')).at(-1)!;
  made.chain(0).files.get(path)![40] = 1;
  const report = await verify(made);
  expect(report.findings).toHaveLength(1);
  expect(report.findings[0]).toMatchObject({ code: 'nodes-altered', first: 256, last: 511, object: path });
  drop(made, 'tile/1/');
  const without = await verify(made);
  expect(without.verdict).toBe('incomplete');
  expect(new Set(without.findings.map(({ code }) => code))).toEqual(new Set(['nodes-missing']));
});

test('evidence that begins later is anchored by the digest before', async () => {
  const made = await tenant();
  const report = await verifyEvidence(await made.evidence({ first: 1 }));
  expect(report.findings).toEqual([]);
  expect(report.chains[0]).toMatchObject({ from: 400, through: SIZE, tally: { intact: 1_100 } });
  made.chain(0).bodies[400] = bytesOf('another');
  expect(places(await verifyEvidence(await made.evidence({ first: 1 })))).toEqual([['body-altered', 400, 400]]);
});

test('an anchor that the tiles do not lead to leaves the links, which find everything', async () => {
  const made = await tenant();
  forgeLeaf(made, 390, leafHash(bytesOf('another')));
  made.chain(0).bodies[500] = bytesOf('yet another');
  const report = await verifyEvidence(await made.evidence({ first: 1 }));
  expect(places(report)).toEqual([
    ['nodes-missing', 0, 399],
    ['body-altered', 500, 500],
  ]);
});
