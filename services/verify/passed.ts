// Where an incremental verification of a tenant begins.
import { tenantReportsPrefix } from '../../names/verify.ts';
import type { KnownDigest, TenantDigests } from './digests.ts';
import { type DigestPlace, TENANT_REPORT, type VerificationPlan } from './documents.ts';
import type { LogView } from './log.ts';
import type { VerifyPorts } from './port.ts';
import { newestArtifact } from './step-artifacts.ts';

interface Verification {
  readonly ports: VerifyPorts;
  readonly plan: Pick<VerificationPlan, 'startedAt'>;
  readonly view: LogView;
}

/**
 * The digest behind which an incremental verification begins; undefined: with the first. Where to start is all that a
 * report is believed for, and only towards the past: what was sealed within the time that a seal may take is checked
 * whatever any report says, so that each digest is checked once by who believes none.
 */
export async function lastPassed(
  { ports, plan, view }: Verification,
  digests: TenantDigests,
  newest: KnownDigest,
): Promise<DigestPlace | undefined> {
  const last = await newestArtifact(ports, TENANT_REPORT, tenantReportsPrefix(digests.tenant));
  const after = last?.verdict === 'intact' ? last.through : last?.after;
  if (after === undefined || after.seal > newest.seal) return undefined;
  const there = await digests.at(after.seal);
  if (there?.number !== after.number) return undefined;
  const young = Date.parse(plan.startedAt) - periodOf(view);
  let digest: KnownDigest | undefined = there;
  while (digest !== undefined && Date.parse(digest.sealedAt) > young) {
    digest = digest.number === 0 ? undefined : await digests.at(digest.seal - 1);
  }
  return digest && { number: digest.number, seal: digest.seal };
}

/** From one seal until the next is due, in milliseconds. */
export function periodOf({ published }: LogView): number {
  const { digest } = published.last;
  return Date.parse(digest.nextBy) - Date.parse(digest.sealedAt);
}
