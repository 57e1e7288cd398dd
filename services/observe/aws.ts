// Events of AWS services other than CloudTrail's records.
import type { EntryInput, Severity } from '../../core/entry/schema.ts';
import { MAX_DESCRIPTION, MAX_IDENTIFIER } from '../../core/entry/schema.ts';
import type { JsonObject } from '../../core/json/value.ts';
import type { BusEvent } from './event.ts';
import { isArn, resourceOf, resourceOfArn } from './resource.ts';
import { table } from './table.ts';
import { actionCode, defined, plainText } from './text.ts';

/** Services whose events are findings about the account rather than news of its resources. */
const SECURITY: ReadonlySet<string> = new Set([
  'access-analyzer',
  'detective',
  'guardduty',
  'inspector',
  'inspector2',
  'macie',
  'securityhub',
]);

/** Any event of an AWS service: `GuardDuty Finding` of `aws.guardduty` is `guardduty.finding`. */
export function mapAws(event: BusEvent): EntryInput {
  const service = event.source.slice('aws.'.length);
  const home = { service, account: event.account, region: event.region };
  const [target, ...related] = event.resources.slice(0, MAX_TARGETS).flatMap((named) => {
    const resource = isArn(named) ? resourceOfArn(named, home) : resourceOf(service, named);
    return resource === undefined ? [] : [resource];
  });
  return defined<EntryInput>({
    action: actionCode(service, verbOf(event.detailType, service)),
    category: SECURITY.has(service) ? 'security' : 'system',
    outcome: 'unknown',
    severity: SECURITY.has(service) ? findingSeverity(event.detail) : 'info',
    description: plainText(`${event.source}: ${event.detailType}`, MAX_DESCRIPTION),
    occurredAt: new Date(event.time).toISOString(),
    actor: { type: 'system', id: plainText(event.source, MAX_IDENTIFIER) ?? 'aws' },
    target,
    related: related.length > 0 ? related : undefined,
    context: { channel: 'automation' },
  } as EntryInput);
}

const MAX_TARGETS = 20;

/** The service is the noun already, and `AWS` says nothing in an event of AWS. */
function verbOf(detailType: string, service: string): string {
  const words = detailType.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  while (words.length > 1 && ['aws', 'amazon', service.toLowerCase()].includes(words[0]!.toLowerCase())) words.shift();
  return words.map((word) => word.toLowerCase()).join('_');
}

/** GuardDuty and Macie give a number or a label, Security Hub a label inside; without one a finding is medium. */
function findingSeverity(detail: JsonObject): Severity {
  const { severity } = detail;
  const value =
    typeof severity === 'object' && severity !== null && !Array.isArray(severity) ? severity.description : severity;
  if (typeof value === 'number') return value >= 9 ? 'critical' : value >= 7 ? 'high' : value >= 4 ? 'medium' : 'low';
  const label = typeof value === 'string' ? value.toLowerCase() : '';
  return LABELS[label] ?? 'medium';
}

const LABELS = table<Severity>({
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  low: 'low',
  informational: 'info',
});
