import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ENTRY } from '../../names/entry.ts';
import { EXPIRE } from '../../names/expire.ts';
import { HOLD } from '../../names/hold.ts';
import { LOG } from '../../names/log.ts';
import { fixedSeconds } from '../config/duration.ts';
import type { StageConfig } from '../config/stage.ts';
import type { ArchiveRoles } from '../constructs/archive-roles.ts';
import { Code, type CodeDefaults, type CodeProps, ONE_CORE } from '../constructs/code.ts';

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

/** The functions of the daily work. */
export function sealing(scope: Construct, config: StageConfig, defaults: CodeDefaults, roles: ArchiveRoles): Sealing {
  const code = (id: string, props: Omit<CodeProps, 'name'>) =>
    new Code(scope, id, { name: id.toLowerCase(), ...props }, defaults);
  const environment = recorded(config);
  return {
    seal: code('Seal', {
      description: 'Plans a seal, and seals the chains of a share of the tenants',
      // Segments are decompressed, compared and hashed: one core's work, a window of them in memory.
      memorySize: ONE_CORE,
      timeout: LONGEST,
      environment: { ...environment, [LOG.dueEnv]: String(fixedSeconds(config.schedules.sealDue)) },
      role: roles.sealer,
    }),
    publish: code('Publish', {
      description: 'Appends the digests of a seal to the log and signs its checkpoint',
      memorySize: 1_024,
      timeout: LONGEST,
      role: roles.publisher,
    }),
    verify: code('Verify', {
      description: 'Derives everything again from its bytes, and reports',
      memorySize: ONE_CORE,
      timeout: LONGEST,
      environment,
      role: roles.verifier,
    }),
    expire: code('Expire', {
      description: 'Removes what is past its retention, leaving tombstones',
      memorySize: 1_024,
      timeout: Duration.seconds(EXPIRE.timeoutSeconds),
      environment,
      role: roles.remover,
    }),
    sweep: code('Sweep', {
      description: "Brings S3's legal holds in line with those in force",
      memorySize: 1_024,
      timeout: Duration.seconds(HOLD.timeoutSeconds),
      role: roles.sweeper,
    }),
  };
}

/** The functions that answer over HTTP. */
export function serving(scope: Construct, config: StageConfig, defaults: CodeDefaults, roles: ArchiveRoles): Serving {
  const code = (id: string, props: Omit<CodeProps, 'timeout'>) =>
    new Code(scope, id, { ...props, timeout: ANSWER }, defaults);
  return {
    log: code('LogReader', {
      name: 'log',
      description: 'GET /log: the digest log, to everybody',
      memorySize: 512,
      environment: { [LOG.publicEntriesEnv]: String(config.log.publicEntries) },
    }),
    evidence: code('Evidence', {
      name: 'evidence',
      description: 'GET proofs, digests, tiles and entries of the archive',
      // Segments are decompressed and hashed before their entries are handed out.
      memorySize: ONE_CORE,
      environment: recorded(config),
    }),
    verifications: code('Verifications', {
      name: 'verifications',
      description: 'GET /v1/verifications',
      memorySize: 512,
    }),
    holds: code('Holds', {
      name: 'holds',
      description: 'Legal holds: apply, list, release',
      memorySize: 512,
      environment: recorded(config),
      role: roles.holder,
    }),
  };
}
