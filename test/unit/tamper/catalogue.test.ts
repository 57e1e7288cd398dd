// The catalogue of mutations, and docs/tampering.md.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { CATALOGUE } from '../../../bench/tamper/catalogue/index.ts';
import { listing } from '../../../bench/tamper/listing.ts';
import { ATTACKERS, kindOf } from '../../../bench/tamper/mutation.ts';

const LEAST = 60;

test('each mutation has a name of its own', () => {
  const names = CATALOGUE.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
});

test('there are enough that somebody has to notice, from everybody who may tamper', () => {
  expect(CATALOGUE.filter((mutation) => kindOf(mutation) === 'reported').length).toBeGreaterThanOrEqual(LEAST);
  expect(new Set(CATALOGUE.map(({ attacker }) => attacker))).toEqual(new Set(Object.keys(ATTACKERS)));
});

test('the page says of each what has to be found', () => {
  const page = readFileSync(new URL('../../../docs/tampering.md', import.meta.url), 'utf8');
  expect(page.slice(page.indexOf('\n### ') + 1).trim()).toBe(listing(CATALOGUE));
});
