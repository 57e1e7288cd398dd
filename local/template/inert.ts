/**
 * Resource kinds that have nothing to do on one machine, each with its reason. A kind is either provisioned, or listed here,
 * or it stops the start: nothing is left out in silence.
 */
import type { ResourceContext } from './provisioner.ts';

export interface InertKind {
  readonly reason: string;
  /** What Ref answers; the physical name when absent. */
  readonly ref?: (context: ResourceContext) => string;
  /** What Fn::GetAtt answers. */
  readonly attributes?: (ref: string, context: ResourceContext) => Readonly<Record<string, unknown>>;
}

export const INERT_KINDS: Readonly<Record<string, InertKind>> = {
  'AWS::CDK::Metadata': { reason: 'usage statistics of the AWS CDK' },
  'AWS::CloudWatch::Dashboard': {
    reason: 'a page of the AWS console; the metrics themselves are in logs/metrics.ndjson',
  },
};
