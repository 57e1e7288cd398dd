// Legal holds: what answers over HTTP, and what brings S3's holds in line.
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ENTRY } from '../../names/entry.ts';
import { HOLD } from '../../names/hold.ts';
import type { StageConfig } from '../config/stage.ts';
import type { ArchiveRoles } from '../constructs/archive-roles.ts';
import { Code, type CodeDefaults } from '../constructs/code.ts';
import type { Holdings } from './holdings.ts';

export interface Holding {
  readonly holds: Code;
  readonly sweep: Code;
}

export function holding(
  scope: Construct,
  { redaction }: StageConfig,
  defaults: CodeDefaults,
  { holder, sweeper }: Pick<ArchiveRoles, 'holder' | 'sweeper'>,
): Holding {
  return {
    holds: new Code(
      scope,
      'Holds',
      {
        name: 'holds',
        description: 'Legal holds: apply, list, release',
        memorySize: 512,
        // Below API Gateway's 30 s, so that the caller gets an answer from the function.
        timeout: Duration.seconds(20),
        environment: { [ENTRY.redactionEnv]: JSON.stringify(redaction) },
        role: holder,
      },
      defaults,
    ),
    sweep: new Code(
      scope,
      'Sweep',
      {
        name: 'sweep',
        description: "Brings S3's legal holds in line with those in force",
        memorySize: 1_024,
        timeout: Duration.seconds(HOLD.timeoutSeconds),
        role: sweeper,
      },
      defaults,
    ),
  };
}

export function grantHolding({ holds, sweep }: Holding, { data, identity }: Holdings): void {
  data.ledger.grantAppend(holds);
  data.archive.grantHolds(holds);
  identity.describeAccess(holds);
  data.archive.grantSweep(sweep);
}
