// What `indelible seal` says of chains that a seal could not sign.
import { expect, test } from '@jest/globals';
import { shortLines } from '../../../cli/short-lines.ts';

const disputed = { tenant: 'acme', chain: 0, size: 523, reason: 'disputed' };

test('nothing, where every chain is sealed as far as it goes', () => {
  expect(shortLines({ seal: 3 })).toEqual([]);
});

test('each chain, from where on and why, and where to read on', () => {
  const lines = shortLines({ short: [disputed, { ...disputed, chain: 2, reason: 'gap' }], shortChains: 2 });
  expect(lines).toEqual([
    'NOT SEALED: chain acme#0 from position 523 on (disputed: disputed)',
    'NOT SEALED: chain acme#2 from position 523 on (missing: gap)',
    'See "Seal disputed" and "Seal short" in docs/runbook.md.',
  ]);
});

test('how many there are besides those that are named', () => {
  expect(shortLines({ short: [disputed], shortChains: 41 })).toContain('and 40 chains more');
});
