// The JSON parsing test suite.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import { equalBytes } from '../../core/crypto.ts';
import { JsonFault, type JsonFaultCode } from '../../core/json/fault.ts';
import { parseJson } from '../../core/json/parse.ts';
import { type Case, demand, type Suite } from './suite.ts';

type Verdict = JsonFaultCode | 'accepted';

/** RFC 8259 lets readers take the last of two members; here they have two meanings, so none is taken. */
const STRICTER: ReadonlyMap<string, Verdict> = new Map([
  ['y_object_duplicated_key.json', 'duplicate-key'],
  ['y_object_duplicated_key_and_value.json', 'duplicate-key'],
]);

/** What readers disagree on, by the beginning of the file's name: the verdict that docs/format.md demands. */
const TRANSFORMS: readonly (readonly [prefix: string, verdict: Verdict])[] = [
  ['number_-9223372036854775808', 'unsafe-integer'],
  ['number_-9223372036854775809', 'unsafe-integer'],
  ['number_10000000000000000999', 'unsafe-integer'],
  ['number_9223372036854775807', 'unsafe-integer'],
  ['number_9223372036854775808', 'unsafe-integer'],
  ['number_1.000000000000000005', 'inexact-number'],
  ['number_1e-999', 'inexact-number'],
  ['number_', 'accepted'],
  ['object_key_nf', 'accepted'],
  ['object_same_key', 'duplicate-key'],
  ['string_1_escaped', 'lone-surrogate'],
  ['string_2_escaped', 'lone-surrogate'],
  ['string_3_escaped', 'lone-surrogate'],
  ['string_1_invalid', 'invalid-utf8'],
  ['string_2_invalid', 'invalid-utf8'],
  ['string_3_invalid', 'invalid-utf8'],
  ['string_with_escaped_NULL', 'accepted'],
];

export const nst: Suite = {
  folder: 'nst-JSONTestSuite',
  *cases(directory) {
    yield* files(join(directory, 'test_parsing'), parsingVerdict);
    yield* files(join(directory, 'test_transform'), transformVerdict);
  },
};

function* files(directory: string, demandVerdict: (file: string, got: Verdict) => void): Generator<Case> {
  for (const file of readdirSync(directory).toSorted()) {
    yield { name: file, check: () => demandVerdict(file, verdict(readFileSync(join(directory, file)))) };
  }
}

/** Anything but a value or a JsonFault is a crash and fails the case, whatever it asks for. */
function verdict(bytes: Uint8Array): Verdict {
  try {
    const canonical = canonicalBytes(parseJson(bytes));
    demand(
      equalBytes(canonical, canonicalBytes(parseJson(canonical))),
      'its canonical form reads back as something else',
    );
    return 'accepted';
  } catch (error) {
    if (error instanceof JsonFault) return error.code;
    throw error;
  }
}

function parsingVerdict(file: string, got: Verdict): void {
  const stricter = STRICTER.get(file);
  if (stricter !== undefined) demand(got === stricter, `got ${got}, want ${stricter}`);
  else if (file.startsWith('y_')) demand(got === 'accepted', `got ${got}, want accepted`);
  else if (file.startsWith('n_')) demand(got !== 'accepted', 'got accepted, want a fault');
  else demand(file.startsWith('i_'), 'a file that is none of y_, n_, i_');
}

function transformVerdict(file: string, got: Verdict): void {
  const want = TRANSFORMS.find(([prefix]) => file.startsWith(prefix))?.[1];
  demand(want !== undefined, 'a file that no verdict is known for');
  demand(got === want, `got ${got}, want ${want}`);
}
