// Writes the catalogue as tables for docs/tampering.md.
import { ATTACKERS, type Attacker, type Door, type Expected, type Mutation } from './mutation.ts';

/** The catalogue for people: a table of Markdown for each attacker, with what has to be said of each mutation, and where. */
export function listing(catalogue: readonly Mutation[]): string {
  const tables = (Object.keys(ATTACKERS) as Attacker[]).map((attacker) => {
    const rows = catalogue.filter((mutation) => mutation.attacker === attacker).map(row);
    const title = `### ${attacker}\n\nWho ${ATTACKERS[attacker]}.`;
    return `${title}\n\n| mutation | what is done | what has to be found |\n|---|---|---|\n${rows.join('\n')}`;
  });
  return tables.join('\n\n');
}

function row({ name, does, expected }: Mutation): string {
  const said = new Map<string, Door[]>();
  for (const [door, one] of Object.entries(expected) as [Door, Expected][]) {
    said.set(spell(one), [...(said.get(spell(one)) ?? []), door]);
  }
  const cells = [...said].map(([text, doors]) => `${doors.join(', ')}: ${text}`);
  return `| \`${name}\` | ${does} | ${cells.join('; ')} |`;
}

function spell(expected: Expected): string {
  if ('clean' in expected) return `nothing, ${expected.clean}`;
  if ('refused' in expected) return `refused (${codes([expected.refused, expected.zip ?? ''])})`;
  if ('exported' in expected) return `${expected.exported} ("${expected.says}")`;
  if ('unexported' in expected) return `no export (\`${expected.unexported}\`)`;
  if ('verdict' in expected) return `${expected.verdict} (${codes(expected.at.map(({ code }) => code))})`;
  const outcome = expected.healed ? 'sealed as it would have been' : 'not sealed';
  const alarms = expected.alarms.map(({ kind, reason = '' }) => `${kind} ${reason}`.trim());
  return alarms.length === 0 ? outcome : `${outcome}, ${codes(alarms)}`;
}

const codes = (names: readonly string[]) =>
  [...new Set(names)]
    .filter((name) => name !== '')
    .map((name) => `\`${name}\``)
    .join(', ');
