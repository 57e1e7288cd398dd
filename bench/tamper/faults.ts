// Compares what a trial came to with what was expected.
import type { LiveFinding } from '../../services/verify/finding.ts';
import type { Outcome } from './doors.ts';
import type { Alarm, Expected, Place } from './mutation.ts';
import type { Alarms } from './world.ts';

/** What is wrong with an outcome; nothing, when it is the one that was to be expected, at the place where it was. */
export function faultsOf(outcome: Outcome, expected: Exclude<Expected, { alarms: unknown }>): string[] {
  if ('refused' in expected) return refusalFaults(outcome, expected);
  if ('unexported' in expected) {
    const got = 'unexported' in outcome ? outcome.unexported : spell(outcome);
    return got === expected.unexported ? [] : [`want no export (${expected.unexported}), got ${got}`];
  }
  if ('exported' in expected || 'exported' in outcome) return exportFaults(outcome, expected);
  if (!('verdict' in outcome)) return [`want a verdict, got ${spell(outcome)}`];
  if ('clean' in expected) {
    const clean = outcome.verdict === 'intact' && outcome.findings.length === 0;
    return clean ? [] : [`want nothing found (${expected.clean}), got ${spell(outcome)}`];
  }
  const verdict = outcome.verdict === expected.verdict ? [] : [`want ${expected.verdict}, got ${outcome.verdict}`];
  const absent = expected.at.filter((place) => !outcome.findings.some((found) => isAt(found, place)));
  const places = [...expected.at, ...(expected.also ?? [])];
  const stray = outcome.findings.filter((found) => !places.some((place) => isAt(found, place)));
  return [
    ...verdict,
    ...absent.map((place) => `want ${spellPlace(place)}`),
    ...stray.map((found) => `got ${spellFinding(found)}`),
  ];
}

function exportFaults(outcome: Outcome, expected: Exclude<Expected, { alarms: unknown }>): string[] {
  const wanted = 'exported' in expected ? expected : { exported: 'intact', says: '' };
  const right =
    'exported' in outcome &&
    outcome.exported === wanted.exported &&
    (wanted.says === '' ? outcome.says.length === 0 : outcome.says.some((one) => one.includes(wanted.says)));
  return right ? [] : [`want ${wanted.exported} (${wanted.says}), got ${spell(outcome)}`];
}

function refusalFaults(outcome: Outcome, { refused, zip, path }: Extract<Expected, { refused: unknown }>): string[] {
  const right =
    'refused' in outcome &&
    outcome.refused === refused &&
    (zip === undefined || outcome.zip === zip) &&
    (path === undefined || outcome.path === path);
  if (right) return [];
  const wanted = [refused, zip, path].filter((part) => part !== undefined).join(' ');
  return [`want a refusal (${wanted}), got ${spell(outcome)}`];
}

/** What the archive and the seal did not say that they should have, or said and should not have. */
export function alarmFaults(alarms: Alarms, expected: readonly Alarm[]): string[] {
  const raised = [
    ...alarms.evidence.map(({ reason, chain }): Alarm => ({ kind: 'evidence', reason, ...(chain && { chain }) })),
    ...alarms.short.map(({ chain, sealed, reason }): Alarm => ({ kind: 'short', reason, chain, position: sealed })),
    ...alarms.writer.map(({ chain, reason }): Alarm => ({ kind: 'writer', reason, chain })),
    ...alarms.ledger.map((fault): Alarm => ({ kind: 'ledger', ...fault })),
  ];
  const silent = expected.filter((alarm) => !raised.some((one) => matches(one, alarm)));
  const stray = raised.filter((one) => !expected.some((alarm) => matches(one, alarm)));
  return [
    ...silent.map((alarm) => `want the alarm ${JSON.stringify(alarm)}`),
    ...stray.map((alarm) => `got the alarm ${JSON.stringify(alarm)}`),
  ];
}

const matches = (raised: Alarm, wanted: Alarm) =>
  Object.entries(wanted).every(([name, value]) => raised[name as keyof Alarm] === value);

function isAt(found: LiveFinding, place: Place): boolean {
  return Object.entries(place).every(([name, value]) => {
    const got = found[name as keyof LiveFinding];
    return value instanceof RegExp ? value.test(String(got)) : got === value;
  });
}

function spell(outcome: Outcome): string {
  if ('refused' in outcome) return `a refusal (${outcome.refused}: ${outcome.message})`;
  if ('unexported' in outcome) return `no export (${outcome.unexported}: ${outcome.message})`;
  if ('exported' in outcome) return [outcome.exported, ...outcome.says].join('; ');
  return [outcome.verdict, ...outcome.findings.map(spellFinding)].join('; ');
}

function spellFinding({ verdict: _, expected, found, ...place }: LiveFinding): string {
  return `${spellPlace(place)}: expected ${expected}, found ${found}`;
}

function spellPlace(place: object): string {
  return Object.entries(place)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
