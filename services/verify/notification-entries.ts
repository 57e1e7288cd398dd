// The entries that tell a tenant what a verification found.

import { sha256, toHex } from '../../core/crypto.ts';
import type { JsonObject } from '../../core/json/value.ts';
import { compareText } from '../../names/order.ts';
import { recordSystemEntry } from '../record/record.ts';
import { outcomeOf } from './announce.ts';
import type { TenantReport } from './documents.ts';
import type { LiveFinding } from './finding.ts';
import type { VerifyPorts } from './port.ts';
import type { StoredDocument } from './steps.ts';

/** Findings that entries spell out; the report, which they name by version and hash, has a thousand. */
const SPELLED = 20;

/** Of what was expected or found: hashes and a few words. */
const MAX_TEXT = 300;

const FINGERPRINT_DIGITS = 16;

const RECORDER = { type: 'system', id: 'indelible/verify' } as const;

/**
 * Records in the tenant's own trail what a verification found: the outcome with its first findings, and each of those that
 * is tampering as an entry of its own. The same however often it is shown, and so recorded once; the next verification that
 * still finds it says so again, since to leave it out would mean to believe an earlier report, which anybody may have put.
 */
export async function recordOutcome(report: TenantReport, stored: StoredDocument, ports: VerifyPorts): Promise<void> {
  await record(report, `verify/${report.id}`, summary(report, stored), ports);
  const tampering = report.findings.filter(({ verdict }) => verdict !== 'incomplete').slice(0, SPELLED);
  for (const found of tampering) {
    const occurrence = `verify/${report.id}/${fingerprint(found)}`;
    await record(report, occurrence, detection(report, found, stored), ports);
  }
}

interface TrailInput {
  readonly action: string;
  readonly target: { readonly type: string; readonly id: string };
  readonly metadata: JsonObject;
}

async function record(
  { tenant, startedAt }: TenantReport,
  occurrence: string,
  { action, target, metadata }: TrailInput,
  { recording }: VerifyPorts,
): Promise<void> {
  await recordSystemEntry(recording, {
    ...{ tenant, recorder: RECORDER, occurrence, occurredAt: new Date(startedAt) },
    input: { action, actor: { type: 'system', id: RECORDER.id }, target, metadata },
  });
}

function summary(report: TenantReport, stored: StoredDocument): TrailInput {
  const { id, mode, verdict, after, through, tally, findings, findingsLeftOut } = report;
  const { entries, intact, expired, missing, altered } = tally;
  const first = findings.slice(0, SPELLED);
  return {
    action: `verification.${outcomeOf(verdict)}`,
    target: { type: 'verification', id },
    metadata: {
      ...{ mode, verdict, findings: findings.length + findingsLeftOut },
      ...(after === undefined ? {} : { afterDigest: after.number }),
      ...(through === undefined ? {} : { throughDigest: through.number }),
      ...{ entries, intact, expired, missing, altered },
      ...(first.length === 0 ? {} : { found: first.map(spelled), report: reference(stored) }),
    },
  };
}

function detection({ id, tenant }: TenantReport, found: LiveFinding, stored: StoredDocument): TrailInput {
  const { chain } = found;
  const place = found.tenant === undefined ? 'digest-log' : tenant;
  return {
    action: 'audit.tampering_detected',
    target: { type: 'audit-trail', id: chain === undefined ? place : `${place}#${chain}` },
    metadata: { source: 'verification', verification: id, ...spelled(found), report: reference(stored) },
  };
}

/** Of a finding about the log that all tenants share there is no tenant, of one about a digest no position. */
function spelled({
  code,
  verdict,
  tenant,
  chain,
  first,
  last,
  seal,
  digest,
  object,
  ...words
}: LiveFinding): JsonObject {
  const places = { tenant, chain, first, last, seal, digest, object };
  const known = Object.entries(places).filter(([, value]) => value !== undefined) as [string, string | number][];
  const { expected, found } = words;
  return { code, verdict, ...Object.fromEntries(known), expected: shortened(expected), found: shortened(found) };
}

const shortened = (text: string): string => (text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`);

const reference = ({ key, version, sha256: hash }: StoredDocument): JsonObject => ({ key, version, sha256: hash });

/** Tells one finding of a verification from the others. */
function fingerprint(found: LiveFinding): string {
  const text = JSON.stringify(Object.entries(found).sort(([a], [b]) => compareText(a, b)));
  return toHex(sha256(new TextEncoder().encode(text))).slice(0, FINGERPRINT_DIGITS);
}
