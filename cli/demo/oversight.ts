// Who watches: reviews of the trail by the application's own viewer, holds, findings and their consequences.
import { changed, type Line, target, tellLine } from './lines.ts';
import { COMPLIANCE, MANAGER, SECURITY } from './people.ts';
import { Story, type Telling, type Told } from './story.ts';

const matter = target('hold', 'hold-tribunal-1', 'Tribunal, case 1');

const LINES: readonly Line[] = [
  [
    4,
    SECURITY,
    'audit.searched',
    undefined,
    { metadata: { viewer: 'case system', filter: 'failed sign-ins of the week' } },
  ],
  [4, SECURITY, 'audit.entry_viewed', target('entry', 'sign-in of cashier 2'), { metadata: { viewer: 'case system' } }],
  [11, SECURITY, 'audit.history_viewed', target('case', 'case-0004'), { metadata: { viewer: 'case system' } }],
  [11, COMPLIANCE, 'audit.report_run', target('report', 'deadlines'), { metadata: { viewer: 'case system' } }],
  [21, COMPLIANCE, 'audit.exported', undefined, { metadata: { viewer: 'case system', rows: 240, format: 'csv' } }],
  [
    22,
    COMPLIANCE,
    'audit.reviewed',
    target('review', 'monthly'),
    { metadata: { findings: 2, followUp: 'deadline of case-0009' } },
  ],
  [3, COMPLIANCE, 'hold.applied', matter, { metadata: { reason: 'a tribunal asked for the file of case-0001' } }],
  [25, COMPLIANCE, 'hold.release_requested', matter, { metadata: { reason: 'the tribunal has closed the matter' } }],
  [26, MANAGER, 'hold.released', matter, { metadata: { requestedBy: COMPLIANCE.actor.id } }],
  [
    15,
    COMPLIANCE,
    'compliance.violation_detected',
    target('case', 'case-0009'),
    { metadata: { rule: 'acknowledgement within seven days', days: 9 } },
  ],
  [
    18,
    MANAGER,
    'sanction.imposed',
    target('user', 'u-temp-1', 'Temporary worker 1'),
    { metadata: { kind: 'written warning', reason: 'shared a password' } },
  ],
  [
    16,
    { actor: { type: 'user', id: 'u-temp-1', name: 'Temporary worker 1' } },
    'security.suspicious_activity',
    undefined,
    { ...changed({ risk: 'low' }, { risk: 'high' }), context: { channel: 'automation' } },
  ],
];

export function tellOversight(telling: Telling): readonly Told[] {
  const story = new Story('oversight', telling);
  for (const line of LINES) tellLine(story, line);
  return story.told;
}

/** An action that the catalog does not hold, in the category for such: a deployment that is strict refuses it. */
export function tellOwnAction(telling: Telling): readonly Told[] {
  const story = new Story('own', telling);
  const badge = target('badge', 'badge-31');
  tellLine(story, [7, MANAGER, 'visitor.badge_printed', badge, { category: 'other', metadata: { visitors: 1 } }]);
  return story.told;
}
