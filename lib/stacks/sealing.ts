import type { Role } from 'aws-cdk-lib/aws-iam';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ENTRY } from '../../names/entry.ts';
import { EXPIRE } from '../../names/expire.ts';
import { HOLD } from '../../names/hold.ts';
import { LOG } from '../../names/log.ts';
import { fixedSeconds } from '../config/duration.ts';
import type { StageConfig } from '../config/stage.ts';
import { Code, type CodeDefaults, ONE_CORE } from '../constructs/code.ts';

/** Lambda's limit. What takes longer is done in slices (lib/constructs/steps.ts). */
const LONGEST = Duration.minutes(15);

/** Below API Gateway's 30 s, so that the caller gets an answer from the function. */
const ANSWER = Duration.seconds(20);

export interface Sealing {
  readonly seal: Code;
  readonly publish: Code;
  readonly verify: Code;
  readonly expire: Code;
  readonly sweep: Code;
}

export interface Serving {
  readonly log: Code;
  readonly evidence: Code;
  readonly verifications: Code;
  readonly holds: Code;
}

/** What a function records of its own doings is redacted like all else. */
const recorded = ({ redaction }: StageConfig) => ({ [ENTRY.redactionEnv]: JSON.stringify(redaction) });

/** The functions of the daily work. `remover`: the role that the archive's policy lets remove what is no longer locked. */
export function sealing(scope: Construct, config: StageConfig, defaults: CodeDefaults, remover: Role): Sealing {
  const code = (id: string, props: Omit<ConstructorParameters<typeof Code>[2], 'name'>) =>
    new Code(scope, id, { name: id.toLowerCase(), ...props }, defaults);
  const environment = recorded(config);
  return {
    seal: code('Seal', {
      description: 'Plans a seal, and seals the chains of a share of the tenants',
      // Segments are decompressed, compared and hashed: one core's work, a window of them in memory.
      memorySize: ONE_CORE,
      timeout: LONGEST,
      environment: { [LOG.dueEnv]: String(fixedSeconds(config.schedules.sealDue)) },
    }),
    publish: code('Publish', {
      description: 'Appends the digests of a seal to the log and signs its checkpoint',
      memorySize: 1_024,
      timeout: LONGEST,
    }),
    verify: code('Verify', {
      description: 'Derives everything again from its bytes, and reports',
      memorySize: ONE_CORE,
      timeout: LONGEST,
      environment,
    }),
    expire: code('Expire', {
      description: 'Removes what is past its retention, leaving tombstones',
      memorySize: 1_024,
      timeout: Duration.seconds(EXPIRE.timeoutSeconds),
      environment,
      role: remover,
    }),
    sweep: code('Sweep', {
      description: "Brings S3's legal holds in line with those in force",
      memorySize: 1_024,
      timeout: Duration.seconds(HOLD.timeoutSeconds),
    }),
  };
}

/** The functions that answer over HTTP. */
export function serving(scope: Construct, config: StageConfig, defaults: CodeDefaults): Serving {
  const code = (
    id: string,
    name: string,
    description: string,
    memorySize: number,
    environment: Readonly<Record<string, string>> = {},
  ) => new Code(scope, id, { name, description, memorySize, timeout: ANSWER, environment }, defaults);
  return {
    log: code('LogReader', 'log', 'GET /log: the digest log, to everybody', 512, {
      [LOG.publicEntriesEnv]: String(config.log.publicEntries),
    }),
    // Segments are decompressed and hashed before their entries are handed out.
    evidence: code('Evidence', 'evidence', 'GET proofs, digests, tiles and entries of the archive', ONE_CORE),
    verifications: code('Verifications', 'verifications', 'GET /v1/verifications', 512),
    holds: code('Holds', 'holds', 'Legal holds: apply, list, release', 512, recorded(config)),
  };
}
