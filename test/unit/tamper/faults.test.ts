// When a mutation counts as caught.
import { describe, expect, test } from '@jest/globals';
import type { Outcome } from '../../../bench/tamper/doors.ts';
import { alarmFaults, faultsOf } from '../../../bench/tamper/faults.ts';
import type { Expected } from '../../../bench/tamper/mutation.ts';
import { finding } from '../../../core/verify/finding.ts';

const altered = finding('body-altered', { tenant: 'acme', chain: 0, first: 7, last: 7, expected: 'a', found: 'b' });
const outcome = (...findings: (typeof altered)[]): Outcome => ({ verdict: 'altered', findings, tallies: [] });
const refused: Outcome = { refused: 'zip', zip: 'crc', path: 'bundle.json', message: 'no' };
const at = (first: number): Exclude<Expected, { alarms: unknown }> => ({
  verdict: 'altered',
  at: [{ code: 'body-altered', tenant: 'acme', chain: 0, first }],
});

describe('a mutation is caught only', () => {
  test('with the verdict, at the place', () => {
    expect(faultsOf(outcome(altered), at(7))).toEqual([]);
  });

  test('not at another place, which is then also a finding too many', () => {
    expect(faultsOf(outcome(altered), at(8))).toHaveLength(2);
  });

  test('not with another verdict', () => {
    expect(faultsOf({ verdict: 'missing', findings: [altered], tallies: [] }, at(7))).toHaveLength(1);
  });

  test('not with a finding that nobody expects', () => {
    expect(faultsOf(outcome(altered, { ...altered, first: 9, last: 9 }), at(7))).toHaveLength(1);
  });

  test('with what follows from it, where that is said', () => {
    const expected = { ...at(7), also: [{ code: 'body-altered', chain: 0 }] };
    expect(faultsOf(outcome(altered, { ...altered, first: 9, last: 9 }), expected)).toEqual([]);
  });

  test('by the refusal that is expected, with its path', () => {
    expect(faultsOf(refused, { refused: 'zip', zip: 'crc', path: 'bundle.json' })).toEqual([]);
    expect(faultsOf(refused, { refused: 'zip', zip: 'size' })).toHaveLength(1);
    expect(faultsOf(refused, { refused: 'zip', path: 'keys.txt' })).toHaveLength(1);
    expect(faultsOf(refused, { refused: 'keys' })).toHaveLength(1);
    expect(faultsOf(outcome(altered), { refused: 'zip' })).toHaveLength(1);
  });

  test('by a verdict, where one is expected, and not by a refusal', () => {
    expect(faultsOf(refused, at(7))).toHaveLength(1);
  });

  test('by nothing, where nothing is expected', () => {
    expect(faultsOf({ verdict: 'intact', findings: [], tallies: [] }, { clean: 'nobody tampered' })).toEqual([]);
    expect(faultsOf(outcome(altered), { clean: 'nobody tampered' })).toHaveLength(1);
  });

  test('by the verdict of an export, where it says so', () => {
    const said: Outcome = { exported: 'incomplete', says: ['There are files that nothing covers.', 'a.csv'] };
    expect(faultsOf(said, { exported: 'incomplete', says: 'a.csv' })).toEqual([]);
    expect(faultsOf(said, { exported: 'incomplete', says: 'b.csv' })).toHaveLength(1);
    expect(faultsOf(said, { exported: 'altered', says: 'a.csv' })).toHaveLength(1);
    expect(faultsOf(said, { clean: 'nobody tampered' })).toHaveLength(1);
    expect(faultsOf({ exported: 'intact', says: [] }, { clean: 'nobody tampered' })).toEqual([]);
    expect(faultsOf(refused, { exported: 'altered', says: 'a' })).toHaveLength(1);
  });

  test('by an export that ends as expected', () => {
    expect(faultsOf({ unexported: 'TileError', message: 'no' }, { unexported: 'TileError' })).toEqual([]);
    expect(faultsOf({ unexported: 'TypeError', message: 'no' }, { unexported: 'TileError' })).toHaveLength(1);
  });
});

describe('alarms', () => {
  const evidence = [
    { kind: 'modify', reason: 'modify', chain: 'acme#0', evidence: 'evidence/1.json', at: new Date(0) },
  ] as const;
  const alarms = { evidence: [...evidence], short: [], ledger: [], writer: [] };

  test('that are raised as expected', () => {
    expect(alarmFaults(alarms, [{ kind: 'evidence', reason: 'modify', chain: 'acme#0' }])).toEqual([]);
  });

  test('that nobody raised, and that nobody expected', () => {
    expect(alarmFaults(alarms, [{ kind: 'evidence', reason: 'remove' }])).toHaveLength(2);
    expect(alarmFaults(alarms, [])).toHaveLength(1);
  });
});
