// Packs of personal numbers: numbers with right check digits go, whatever differs in one digit stays.
import { describe, expect, test } from '@jest/globals';
import { compileRedaction } from '../../../core/redact/configure.ts';
import { PACKS } from '../../../core/redact/packs.ts';
import { NO_EXTRA_REDACTION } from '../../../core/redact/policy.ts';
import { redactEntry } from '../../../core/redact/redact.ts';
import { REDACTION_PACKS } from '../../../names/entry.ts';

const note = (text: string, packs: string[]) =>
  (redactEntry({ metadata: { note: text } }, compileRedaction({ packs })).value.metadata as { note: string }).note;

/** Specimens that the issuing authorities and the standards publish. */
const SPECIMENS: readonly (readonly [pack: string, number: string, wrong: string])[] = [
  ['iban', 'GB82 WEST 1234 5698 7654 32', 'GB82 WEST 1234 5698 7654 33'],
  ['iban', 'BE68539007547034', 'BE68539007547035'],
  ['email', 'ada@example.com', 'ada at example.com'],
  ['at-svnr', '1237 010180', '1238 010180'],
  ['be-nrn', '85.07.30-033 28', '85.07.30-033 29'],
  ['br-cpf', '111.444.777-35', '111.444.777-36'],
  ['ca-sin', '046 454 286', '046 454 287'],
  ['ch-ahv', '756.9217.0769.85', '756.9217.0769.86'],
  ['de-steuer-id', '86 095 742 719', '86 095 742 718'],
  ['es-dni', '12345678Z', '12345678A'],
  ['es-dni', 'X1234567L', 'X1234567M'],
  ['fr-nir', '2 55 08 14 168 025 38', '2 55 08 14 168 025 39'],
  ['gb-nino', 'AB 12 34 56 C', 'BG 12 34 56 C'],
  ['in-aadhaar', '2341 2341 2346', '2341 2341 2347'],
  ['in-pan', 'ABCPE1234F', 'ABCQE1234F'],
  ['it-codice-fiscale', 'RSSMRA85T10A562S', 'RSSMRA85T10A562T'],
  ['nl-bsn', '111222333', '111222334'],
  ['pl-pesel', '44051401359', '44051401358'],
  ['us-ssn', '219-09-9999', '666-09-9999'],
];

describe('packs', () => {
  test.each(SPECIMENS)('%s takes %s and leaves %s', (pack, number, wrong) => {
    expect(note(`no ${number}, yes`, [pack])).toBe(`no [REDACTED:${pack}], yes`);
    expect(note(`no ${wrong}, yes`, [pack])).toBe(`no ${wrong}, yes`);
  });

  test('every pack has a specimen, and its name is known to the configuration', () => {
    expect(new Set(SPECIMENS.map(([pack]) => pack))).toEqual(new Set(Object.keys(PACKS)));
    expect([...REDACTION_PACKS].toSorted()).toEqual(Object.keys(PACKS).toSorted());
  });

  test('are off unless they are named', () => {
    const entry = { metadata: { note: SPECIMENS.map(([, number]) => number).join(' and ') } };
    expect(redactEntry(entry, NO_EXTRA_REDACTION).redacted).toEqual([]);
  });

  test('an account number is told from the words in capitals behind it', () => {
    expect(note('BE68 5390 0754 7034 EUR 12', ['iban'])).toBe('[REDACTED:iban] EUR 12');
  });

  test('an unknown pack is refused by name', () => {
    expect(() => compileRedaction({ packs: ['nl-bns'] })).toThrow('unknown pack "nl-bns", want some of iban, email');
  });
});
