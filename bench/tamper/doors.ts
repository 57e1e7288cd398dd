// The ways in which each trial is verified.
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { zstd } from '../../adapters/zstd.ts';
import type { ExportVerdict } from '../../cli/verify/exported.ts';
import { BundleError } from '../../core/bundle/error.ts';
import type { BundleOptions } from '../../core/bundle/verify.ts';
import type { Verdict } from '../../core/verify/finding.ts';
import type { Tally } from '../../core/verify/tally.ts';
import { ZipError, type ZipFault } from '../../core/zip/error.ts';
import { VERIFY } from '../../names/verify.ts';
import { VERIFICATION_REPORT } from '../../services/verify/documents.ts';
import { finalizeVerification } from '../../services/verify/finalize.ts';
import type { LiveFinding } from '../../services/verify/finding.ts';
import { planVerification } from '../../services/verify/plan.ts';
import type { VerifyPorts } from '../../services/verify/port.ts';
import { verifyShard } from '../../services/verify/shard.ts';
import { readArtifact } from '../../services/verify/step-artifacts.ts';
import type { ShardEnd, ShardInput, VerifyMode } from '../../services/verify/steps.ts';
import { verifyBytes } from '../../test/support/bundling.ts';
import { exportBundle } from './export.ts';
import { type Exported, verifyExported as verifyExportFiles } from './exports.ts';
import { ORIGIN, type World } from './world.ts';

/** What a front door said. */
export type Outcome =
  | { readonly verdict: Verdict; readonly findings: readonly LiveFinding[]; readonly tallies: readonly TenantTally[] }
  | { readonly refused: string; readonly zip?: ZipFault; readonly path?: string; readonly message: string }
  | { readonly exported: ExportVerdict; readonly says: readonly string[] }
  | { readonly unexported: string; readonly message: string };

interface TenantTally {
  readonly tenant: string;
  readonly tally: Tally;
}

/** The state machine's steps, one after the other. */
export async function verifyLive(world: World, mode: VerifyMode): Promise<Outcome> {
  const ports = verifyPorts(world);
  const startedAt = world.clock().toISOString();
  const { id, plan, shards } = await planVerification(
    { step: 'plan', request: { mode }, execution: `${mode} ${startedAt}`, startedAt },
    ports,
  );
  const results: ShardEnd[] = [];
  for (const shard of shards) results.push(await runShard({ step: 'shard', id, plan, shard, cursor: null }, ports));
  const conclusion = { step: 'conclude', id, plan, results, cursor: null } as const;
  const { report } = await finalizeVerification(conclusion, ports, () => Number.MAX_VALUE);
  const { verdict, findings, tenants } = await readArtifact(ports, VERIFICATION_REPORT, report);
  return { verdict, findings: findings as readonly LiveFinding[], tallies: tenants };
}

/** To its end. One that fails is caught, and the others still count. */
async function runShard(first: ShardInput, ports: VerifyPorts): Promise<ShardEnd> {
  const { shard } = first;
  try {
    let output = await verifyShard(first, ports, () => Number.MAX_VALUE);
    while (!output.done) output = await verifyShard({ ...first, cursor: output.cursor }, ports, () => Number.MAX_VALUE);
    return output;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return { shard, error: { Error: error.name, Cause: error.message } };
  }
}

function verifyPorts(world: World): VerifyPorts {
  return {
    ...{ store: world.store, codec: parquetSegments, blocks: world.ledger, compression: zstd },
    ...{ keys: world.ports.keys, origin: ORIGIN, now: world.clock, recording: world.recording },
    reportRetention: world.ports.retention('', VERIFY.reportsCategory),
    alerts: { publish: async () => undefined },
    onOutcome: () => undefined,
  };
}

export async function verifyOffline(bundle: Uint8Array, options: BundleOptions): Promise<Outcome> {
  try {
    const { verdict, findings, tenant, chains } = await verifyBytes(bundle, options);
    return { verdict, findings, tallies: chains.map(({ tally }) => ({ tenant, tally })) };
  } catch (error) {
    return refusalOf(error);
  }
}

/** What is thrown without a name of its own is a crash, and passes as one. */
function refusalOf(error: unknown): Outcome {
  if (error instanceof ZipError) return { refused: 'zip', zip: error.code, message: error.message };
  if (!(error instanceof BundleError)) throw error;
  const { code, path, message, cause } = error;
  return {
    ...{ refused: code, message },
    ...(path === undefined ? {} : { path }),
    ...(cause instanceof ZipError ? { zip: cause.code } : {}),
  };
}

/** `indelible verify --export`. */
export async function verifyFiles(exported: Exported): Promise<Outcome> {
  try {
    const { verdict, findings, uncovered } = await verifyExportFiles(exported);
    return { exported: verdict, says: [...findings, ...uncovered] };
  } catch (error) {
    return refusalOf(error);
  }
}

/** A bundle of what there is now, verified elsewhere. */
export async function verifyExported(world: World, tenant: string, options: BundleOptions): Promise<Outcome> {
  let bundle: Uint8Array;
  try {
    bundle = await exportBundle(world, tenant);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return { unexported: error.name, message: error.message };
  }
  return verifyOffline(bundle, options);
}
