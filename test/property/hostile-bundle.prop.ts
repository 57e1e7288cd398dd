// Whatever a bundle holds, verifying it ends in a verdict or a named refusal.
import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BundleError } from '../../core/bundle/error.ts';
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import type { JsonObject, JsonValue } from '../../core/json/value.ts';
import { VERDICTS } from '../../core/verify/finding.ts';
import { bundleOf, packed, unpacked, verifyBytes } from '../support/bundling.ts';
import { resealed } from '../support/forging.ts';
import { byteChange, changedBytes, changedJson, jsonChange } from '../support/mutations.ts';
import { SealedTenant } from '../support/sealed-tenant.ts';

const RUNS = 400;

let made: SealedTenant;
let bundle: Buffer;
let files: Map<string, Uint8Array>;
let paths: string[];

/** Something of everything: two chains, two categories, a full tile, what expired, what is held. */
beforeAll(async () => {
  made = new SealedTenant();
  made.retention = { data_access: 'P1D', security: 'permanent' };
  made.append(0, 300);
  made.append(3, 5, 'security');
  await made.seal();
  made.append(0, 20, 'security');
  await made.seal();
  made.expire('data_access', '2026-03-01', '2026-03-03T12:00:00.000Z');
  made.hold({
    event: 'applied',
    id: 'h',
    at: '2026-03-03T13:00:00.000Z',
    by: 'b',
    role: 'compliance',
    reason: 'r',
    scope: { subject: 'u' },
  });
  made.append(3, 2);
  await made.seal();
  bundle = await bundleOf(made);
  files = await unpacked(bundle);
  paths = [...files.keys()];
});

/** A verdict, or the name of what refuses it. Whatever else is thrown is a crash, and fails. */
async function answer(bytes: Uint8Array): Promise<string> {
  try {
    const { verdict } = await verifyBytes(bytes);
    expect(VERDICTS).toContain(verdict);
    return verdict;
  } catch (error) {
    if (error instanceof BundleError) return `refused: ${error.code}`;
    throw error;
  }
}

const anyPath = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const pathAt = (where: number) => paths[Math.floor(where * paths.length)]!;

test('what is not changed is intact, sealed anew or not', async () => {
  expect(await answer(bundle)).toBe('intact');
  const seconds = Date.parse(made.sealedAt(2)) / 1_000;
  expect(await answer(await packed(await resealed(made, files, (value) => value, seconds)))).toBe('intact');
});

test('no change of an archive’s bytes ends a verifier otherwise than with a verdict or a refusal', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(byteChange, { minLength: 1, maxLength: 3 }), async (changes) => {
      const changed = changes.reduce(changedBytes, Uint8Array.from(bundle));
      expect(await answer(changed)).not.toBe(Buffer.compare(changed, bundle) === 0 ? '' : 'intact');
    }),
    { numRuns: RUNS },
  );
});

test('nor does one of the bytes of its files', async () => {
  await fc.assert(
    fc.asyncProperty(anyPath, fc.array(byteChange, { minLength: 1, maxLength: 3 }), async (where, changes) => {
      const path = pathAt(where);
      await answer(await packed(new Map([...files, [path, changes.reduce(changedBytes, files.get(path)!)]])));
    }),
    { numRuns: RUNS },
  );
});

test('nor does one of what the documents and lines say', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyPath,
      fc.nat(400),
      fc.array(jsonChange, { minLength: 1, maxLength: 3 }),
      async (where, line, changes) => {
        const path = pathAt(where);
        await answer(await packed(new Map([...files, [path, changedLine(files.get(path)!, line, changes)]])));
      },
    ),
    { numRuns: RUNS },
  );
});

/** One line of the file, as canonical JSON, if it is JSON. */
function changedLine(bytes: Uint8Array, at: number, changes: readonly Parameters<typeof changedJson>[1][]): Uint8Array {
  const lines = Buffer.from(bytes).toString().split('\n');
  const index = at % Math.max(1, lines.length - 1);
  const value = parsed(lines[index]!);
  if (value === undefined) return bytes;
  lines[index] = Buffer.from(canonicalBytes(changes.reduce(changedJson, value))).toString();
  return Buffer.from(lines.join('\n'));
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

test('nor does anything that a sealer writes into what they sign', async () => {
  const seen = new Map<string, number>();
  const seconds = fc.oneof(
    fc.constant(Date.parse('2026-03-04T00:10:00.000Z') / 1_000),
    fc.constantFrom(0, 1, 253_402_300_799),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.nat(20),
      fc.array(jsonChange, { minLength: 1, maxLength: 2 }),
      seconds,
      async (which, changes, at) => {
        let next = 0;
        const rewrite = (value: JsonValue) => (next++ === which ? changes.reduce(changedJson, value) : value);
        const said = await answer(await packed(await resealed(made, files, rewrite, at)));
        seen.set(said, (seen.get(said) ?? 0) + 1);
      },
    ),
    { numRuns: 2 * RUNS },
  );
  // What is behind the hashes was looked at, and some of it says nothing that could be wrong.
  expect([...seen.keys()]).toEqual(expect.arrayContaining(['altered', 'truncated', 'intact']));
});

test('a chain that is said to be as long as chains get is refused, instead of looked for to its end', async () => {
  const most = 2 ** 53 - 1;
  const longer = (chains: JsonValue) =>
    (chains as JsonObject[]).map((one) =>
      one.chain === 0 ? { ...one, ...(one.root ? { size: most } : { through: most }) } : one,
    );
  const rewrite = (value: JsonObject) =>
    value.kind === 'digest' && value.number === 2 ? { ...value, chains: longer(value.chains!) } : value;
  const forged = await resealed(made, files, rewrite, Date.parse(made.sealedAt(2)) / 1_000);
  const manifest = JSON.parse(Buffer.from(files.get('bundle.json')!).toString());
  forged.set('bundle.json', canonicalBytes({ ...manifest, chains: longer(manifest.chains) }));
  expect(await answer(await packed(forged))).toBe('refused: missing-file');
});
