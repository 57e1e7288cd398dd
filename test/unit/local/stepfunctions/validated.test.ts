/** What the validator of the States Language is asked once for, and what it is asked for again. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Flow } from '../../../../local/stepfunctions/language.ts';
import { validateOnce } from '../../../../local/stepfunctions/validated.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-validated-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const VALID = '{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Succeed"}}}';
const INVALID = VALID.replace('"Next":"B"', '"Next":"Gone"');

function validate(text: string, at = folder): void {
  validateOnce(JSON.parse(text) as Flow, text, at);
}

describe('a definition', () => {
  test('that was found valid is not validated again', () => {
    validate(VALID);
    const [known = ''] = readdirSync(folder);
    expect(known).toMatch(/^[0-9a-f]{64}$/);
    // What was noted counts, whatever the definition is: here one that the validator would refuse.
    expect(() => validateOnce(JSON.parse(INVALID) as Flow, VALID, folder)).not.toThrow();
    expect(readdirSync(folder)).toEqual([known]);
  });

  test('that is refused is refused each time', () => {
    for (let start = 0; start < 2; start++) expect(() => validate(INVALID)).toThrow(/Missing .* target: Gone/);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('that differs in one character is validated', () => {
    validate(VALID);
    expect(() => validate(INVALID)).toThrow(/Missing .* target: Gone/);
    validate(`${VALID} `);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test('is validated where nothing can be noted', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => validate(VALID, join(file, 'below'))).not.toThrow();
    expect(() => validate(INVALID, join(file, 'below'))).toThrow(/Missing .* target: Gone/);
  });
});
