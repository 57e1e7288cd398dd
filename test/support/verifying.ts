// The verification's state machine over a deployment in memory.
import { tenantReportKey } from '../../names/verify.ts';
import {
  TENANT_REPORT,
  type TenantReport,
  VERIFICATION_REPORT,
  type VerificationReport,
} from '../../services/verify/documents.ts';
import { finalizeVerification } from '../../services/verify/finalize.ts';
import { planVerification } from '../../services/verify/plan.ts';
import type { VerifyPorts } from '../../services/verify/port.ts';
import { verifyShard } from '../../services/verify/shard.ts';
import type { FinalizeOutput, PlanOutput, ShardEnd, ShardInput, VerifyRequest } from '../../services/verify/steps.ts';
import type { Fault } from '../fakes/locked-store.ts';
import { ORIGIN } from './log-signer.ts';
import type { Deployment } from './sealing.ts';
import { Trail } from './trail.ts';

/** Far more slices than any shard of the tests takes. */
const MOST_SLICES = 500;

export interface Verified extends FinalizeOutput {
  readonly whole: VerificationReport;
  /** Code, tenant, chain, first and last position of each finding. */
  readonly found: readonly (readonly unknown[])[];
}

/** The verification state machine over a deployment in memory. */
export class Verifying {
  readonly deployment: Deployment;
  /** What the trail was told, apart from the deployment's ledger: verifying must not change what is verified. */
  readonly trail: Trail;
  readonly alerts: string[] = [];
  readonly outcomes: string[] = [];
  readonly ports: VerifyPorts;
  #executions = 0;

  constructor(deployment: Deployment, options: Partial<Pick<VerifyPorts, 'shards' | 'pieceEntries' | 'store'>> = {}) {
    this.deployment = deployment;
    const now = () => new Date(deployment.now);
    this.trail = new Trail(() => deployment.now);
    const { store, codec, blocks, compression, keys } = deployment.ports;
    this.ports = {
      ...{ store, codec, blocks, compression, keys, now, origin: ORIGIN, reportRetention: 'P7Y' },
      recording: this.trail.recording,
      alerts: {
        publish: (subject, message) =>
          this.trail.faulty(async () => {
            this.alerts.push(`${subject}\n${message}`);
          }),
      },
      onOutcome: (outcome) => this.outcomes.push(outcome),
      ...options,
    };
  }

  async run(request: Partial<VerifyRequest> = {}, timeLeft?: () => number): Promise<Verified> {
    const planned = await this.plan(request);
    const results: ShardEnd[] = [];
    for (const shard of planned.shards) results.push(await this.shard(planned, shard, timeLeft));
    return this.finalize(planned, results);
  }

  plan(request: Partial<VerifyRequest> = {}, execution = `execution-${this.#executions++}`): Promise<PlanOutput> {
    const startedAt = new Date(this.deployment.now).toISOString();
    return planVerification({ step: 'plan', request: request as VerifyRequest, execution, startedAt }, this.ports);
  }

  async shard({ id, plan }: PlanOutput, shard: number, timeLeft = () => Number.POSITIVE_INFINITY): Promise<ShardEnd> {
    let cursor: ShardInput['cursor'] = null;
    for (let slices = 0; slices < MOST_SLICES; slices++) {
      const end: ShardEnd = await verifyShard({ step: 'shard', id, plan, shard, cursor }, this.ports, timeLeft);
      if (end.done === true) return end;
      // What the state machine passes on is JSON.
      cursor = JSON.parse(JSON.stringify(end.cursor));
    }
    throw new Error(`shard ${shard} does not come to an end`);
  }

  async finalize(
    { id, plan }: PlanOutput,
    results: readonly ShardEnd[],
    timeLeft = () => Number.POSITIVE_INFINITY,
  ): Promise<Verified> {
    let output: FinalizeOutput | undefined;
    do {
      const cursor = output?.cursor ?? null;
      output = await finalizeVerification({ step: 'conclude', id, plan, results, cursor }, this.ports, timeLeft);
    } while (!output.done);
    const whole = VERIFICATION_REPORT.parse(this.deployment.store.object(output.report.key).bytes);
    const found = whole.findings.map(({ code, tenant, chain, first, last }) => [code, tenant, chain, first, last]);
    return { ...output, whole, found };
  }

  reportOf(tenant: string, { id }: Pick<FinalizeOutput, 'id'>): TenantReport {
    return TENANT_REPORT.parse(this.deployment.store.object(tenantReportKey(tenant, id)).bytes);
  }

  /** Asked whenever something is recorded or published, while it is set; the store asks the deployment's. */
  set fault(fault: (() => Fault) | undefined) {
    this.trail.fault = fault;
  }

  /** The tenant's entries about verifications. */
  // biome-ignore lint/suspicious/noExplicitAny: entries as they are stored; the tests look at them
  entries(tenant: string): any[] {
    return this.trail.entries(tenant);
  }
}
