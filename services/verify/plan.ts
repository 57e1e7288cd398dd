// Plans a verification.
import { sha256, toHex } from '../../core/crypto.ts';
import { DOCUMENT_VERSION } from '../../core/documents/codec.ts';
import { TileError } from '../../core/tiles/error.ts';
import { ARCHIVE } from '../../names/archive.ts';
import { LOG } from '../../names/log.ts';
import { TENANT_PATTERN } from '../../names/patterns.ts';
import { VERIFICATIONS_PREFIX, verificationId, verificationPlanKey } from '../../names/verify.ts';
import { latestSeal, ownPolicy, type PublishedSeal } from '../log/published.ts';
import { divided, type SealedTenant } from './divide.ts';
import { VERIFICATION_PLAN, VERIFICATION_REPORT, type VerificationPlan, type VerificationReport } from './documents.ts';
import type { VerifyPorts } from './port.ts';
import { fingerprint, newestArtifact, putArtifact } from './step-artifacts.ts';
import type { PlanInput, PlanOutput, VerifyMode, VerifyRequest } from './steps.ts';
import { workOf } from './work.ts';

/**
 * Shards at most, beside the log's: more than are worked on at the same time, so that a slow one holds up few others. What
 * they end with has to fit 256 KB of a state machine's payload, at some 400 bytes each.
 */
const MAX_SHARDS = 500;

const TENANT = new RegExp(TENANT_PATTERN);
const TENANT_FOLDER = /^tenant=(.*)$/;

/** A state machine is started by people too. */
class VerifyRequestError extends Error {
  override readonly name = 'VerifyRequestError';
  readonly code = 'request';
}

/** Fixes what is going to be verified: up to which seal, for whom, in how many shards. */
export async function planVerification(input: PlanInput, ports: VerifyPorts): Promise<PlanOutput> {
  const { mode, tenant } = checked(input.request);
  const startedAt = new Date(input.startedAt);
  const id = verificationId(startedAt, toHex(sha256(new TextEncoder().encode(input.execution))).slice(0, 8));
  const last = await newestArtifact(ports, VERIFICATION_REPORT, VERIFICATIONS_PREFIX);
  const { newest, sealed, unreadable } = await readLog(ports, last?.newest?.seal ?? 0);
  const names = tenant === undefined ? await allTenants(ports, sealed.keys()) : [tenant];
  const time = { mode, startedAt: startedAt.toISOString() };
  const tenants = await divided(names, newest && { newest, sealed, ...time }, ports);
  const shards = Math.min(ports.shards ?? MAX_SHARDS, workOf({ tenants }).length) + 1;
  const plan: VerificationPlan = {
    ...{ v: DOCUMENT_VERSION, kind: 'verification-plan', id, ...time },
    ...(tenant === undefined ? {} : { tenant }),
    ...(newest === undefined ? {} : { newest: { seal: newest.seal, note: new TextDecoder().decode(newest.note) } }),
    ...(unreadable === undefined ? {} : { unreadable }),
    ...(last?.newest === undefined ? {} : { before: last.newest }),
    firstSeal: firstSeal(mode, last),
    ...{ shards, tenants },
  };
  const bytes = VERIFICATION_PLAN.format(plan);
  const stored = await putArtifact(ports, verificationPlanKey(id, fingerprint(bytes)), bytes);
  return { id, mode, plan: stored, shards: Array.from({ length: shards }, (_, shard) => shard) };
}

function checked(request: Partial<VerifyRequest> | null): { mode: VerifyMode; tenant: string | undefined } {
  const { mode = 'incremental', tenant } = request ?? {};
  if (mode !== 'incremental' && mode !== 'full') throw new VerifyRequestError('got no mode, want incremental or full');
  if (tenant !== undefined && !(typeof tenant === 'string' && TENANT.test(tenant))) {
    throw new VerifyRequestError('got a malformed tenant, want letters, digits, ".", "_", "-"');
  }
  return { mode, tenant };
}

interface ReadLog {
  readonly newest?: PublishedSeal;
  /** Whoever has a digest in the newest seal: those of every seal before are among them. */
  readonly sealed: ReadonlyMap<string, SealedTenant>;
  readonly unreadable?: string;
}

/** A checkpoint that is signed and a log that does not lead to it is to be reported: no retry would change it. */
async function readLog({ store, origin, keys }: VerifyPorts, hint: number): Promise<ReadLog> {
  const policy = ownPolicy(origin, await keys.keys());
  try {
    const newest = await latestSeal({ store, policy }, hint);
    return newest === undefined ? { sealed: new Map() } : { newest, sealed: await tenantsOf(newest) };
  } catch (error) {
    if (error instanceof TileError) return { sealed: new Map(), unreadable: error.message };
    throw error;
  }
}

async function tenantsOf({ log, seal }: PublishedSeal): Promise<Map<string, SealedTenant>> {
  const tenants = new Map<string, SealedTenant>();
  for await (const { digest } of log.ofSeal(seal)) {
    const sizes = digest.chains.map(({ chain, size }): [number, number] => [chain, size]);
    tenants.set(digest.tenant, { number: digest.number, sizes: new Map(sizes) });
  }
  return tenants;
}

/** And whoever has entries, or once had a digest, and is not among them. */
async function allTenants({ store }: VerifyPorts, sealed: Iterable<string>): Promise<string[]> {
  const tenants = new Set(sealed);
  for (const prefix of [ARCHIVE.entriesPrefix, LOG.digestsPrefix]) {
    for await (const folder of store.folders(prefix)) {
      const [, tenant] = TENANT_FOLDER.exec(folder) ?? [];
      if (tenant !== undefined && TENANT.test(tenant)) tenants.add(tenant);
    }
  }
  return [...tenants].sort();
}

/** The log is checked on from where the last verification found it in order. */
function firstSeal(mode: VerifyMode, last: VerificationReport | undefined): number {
  if (mode === 'full' || last === undefined) return 0;
  return last.logVerdict === 'intact' && last.newest !== undefined ? last.newest.seal : last.firstSeal;
}
