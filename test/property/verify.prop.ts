// The verifier finds what was done to entries, at exactly their positions.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Report } from '../../core/verify/report.ts';
import { verifyEvidence } from '../../core/verify/verify.ts';
import { SealedTenant } from '../support/sealed-tenant.ts';
import { signer } from '../support/signers.ts';

const LARGEST = 690;
/** A signer that is made once: making ML-DSA keys takes longer than everything else here. */
const SIGNERS = [signer('log.example/indelible', 'ed25519')];

/** How many entries each of a few seals found. */
const seals = fc.array(fc.integer({ min: 0, max: LARGEST / 3 }), { minLength: 1, maxLength: 3 });

async function sealed(counts: readonly number[]): Promise<SealedTenant> {
  const made = new SealedTenant('acme', SIGNERS);
  for (const count of counts) {
    made.append(0, count);
    await made.seal();
  }
  return made;
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Every position that some finding of these kinds is about, in order. */
function positions({ findings }: Report, ...codes: string[]): number[] {
  const runs = findings.filter(({ code }) => codes.includes(code));
  return runs
    .flatMap(({ first = 0, last = -1 }) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
    .sort((a, b) => a - b);
}

const sorted = (values: ReadonlySet<number>) => [...values].sort((a, b) => a - b);

test('entries that are gone and entries that are others are found at exactly their positions', async () => {
  const edit = fc.record({ at: fc.nat(LARGEST), kind: fc.constantFrom('gone', 'other') });
  await fc.assert(
    fc.asyncProperty(seals, fc.array(edit, { maxLength: 12 }), fc.boolean(), async (counts, edits, withPositions) => {
      const made = await sealed(counts);
      const { bodies } = made.chain(0);
      const size = bodies.length;
      const gone = new Set<number>();
      const other = new Set<number>();
      for (const { at, kind } of edits) {
        // Without positions, neighbours that are both changed could each be the other's.
        const touched = [at - 1, at, at + 1].some((one) => gone.has(one) || other.has(one));
        if (at >= size || touched) continue;
        (kind === 'gone' ? gone : other).add(at);
        bodies[at] = kind === 'gone' ? undefined : bytesOf(`other ${at}`);
      }
      const report = await verifyEvidence(await made.evidence({ positions: withPositions }));
      expect(positions(report, 'body-missing', 'tail-missing')).toEqual(sorted(gone));
      expect(positions(report, 'body-altered')).toEqual(sorted(other));
      const tally = report.chains[0]?.tally;
      const intact = size - gone.size - other.size;
      if (size > 0) expect(tally).toMatchObject({ entries: size, intact, missing: gone.size, altered: other.size });
    }),
    { numRuns: 60 },
  );
});

test('whatever becomes of the order of entries, each position has one verdict and none is intact without its entry', async () => {
  const change = fc.oneof(
    fc.record({ kind: fc.constant('remove' as const), at: fc.nat(LARGEST), to: fc.nat(LARGEST) }),
    fc.record({ kind: fc.constant('copy' as const), at: fc.nat(LARGEST), to: fc.nat(LARGEST) }),
    fc.record({ kind: fc.constant('move' as const), at: fc.nat(LARGEST), to: fc.nat(LARGEST) }),
    fc.record({ kind: fc.constant('forge' as const), at: fc.nat(LARGEST), to: fc.nat(LARGEST) }),
  );
  await fc.assert(
    fc.asyncProperty(seals, fc.array(change, { minLength: 1, maxLength: 6 }), async (counts, changes) => {
      const made = await sealed(counts);
      const { bodies } = made.chain(0);
      const before = [...bodies];
      for (const { kind, at, to } of changes) {
        if (at >= bodies.length) continue;
        const [body] = kind === 'copy' ? [bodies[at]] : bodies.splice(at, 1);
        if (kind === 'forge') bodies.splice(at, 0, bytesOf(`forged ${at}`));
        else if (kind !== 'remove') bodies.splice(Math.min(to, bodies.length), 0, body);
      }
      const same = before.length === bodies.length && before.every((body, i) => body === bodies[i]);
      const report = await verifyEvidence(await made.evidence());
      const tally = report.chains[0]?.tally;
      if (before.length === 0) return;
      expect(report.verdict === 'intact').toBe(same);
      expect(tally!.intact + tally!.missing + tally!.altered).toBe(before.length);
      expect(tally!.intact).toBeLessThanOrEqual(before.filter((body) => bodies.includes(body)).length);
    }),
    { numRuns: 80 },
  );
});

test('a byte of whatever evidence is changed, and it is not intact', async () => {
  await fc.assert(
    fc.asyncProperty(seals, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (counts, which, at, flip) => {
      const made = await sealed([...counts, 5]);
      const { bodies, files } = made.chain(0);
      const needed = neededFiles(files);
      const changed = (bytes: Uint8Array) => bytes.with(at % bytes.length, bytes[at % bytes.length]! ^ flip);
      const changes = [
        ...bodies.map((body, i) => () => bodies.splice(i, 1, changed(body!))),
        ...needed.map((path) => () => files.set(path, changed(files.get(path)!))),
        ...[...made.documents].map(
          ([hash, bytes]) =>
            () =>
              made.documents.set(hash, changed(bytes)),
        ),
        ...made.digests.map(
          ({ bytes, index }, i) =>
            () =>
              made.digests.splice(i, 1, { bytes: changed(bytes), index }),
        ),
      ];
      changes[which % changes.length]!();
      expect((await verifyEvidence(await made.evidence())).verdict).not.toBe('intact');
    }),
    { numRuns: 60 },
  );
});

/** Tiles of the newest tree: partial ones of earlier trees decide nothing. */
function neededFiles(files: ReadonlyMap<string, Uint8Array>): string[] {
  const widest = new Map<string, string>();
  for (const path of files.keys()) {
    const tile = path.replace(/\.p\/\d+$/, '');
    const there = widest.get(tile);
    if (there === undefined || files.get(path)!.length > files.get(there)!.length) widest.set(tile, path);
  }
  return [...widest.values()];
}
