// The daily work: seal, publish, verify, expire.
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ENTRY } from '../../names/entry.ts';
import { EXPIRE } from '../../names/expire.ts';
import { LOG } from '../../names/log.ts';
import { fixedSeconds } from '../config/duration.ts';
import type { StageConfig } from '../config/stage.ts';
import type { ArchiveRoles } from '../constructs/archive-roles.ts';
import { Code, type CodeDefaults, type CodeProps, ONE_CORE } from '../constructs/code.ts';
import type { Holdings } from './holdings.ts';

/** Lambda's limit. What takes longer is done in slices (lib/constructs/steps.ts). */
const LONGEST = Duration.minutes(15);

export interface Sealing {
  readonly seal: Code;
  readonly publish: Code;
  readonly verify: Code;
  readonly expire: Code;
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
  };
}

export function grantSealing(
  { seal, publish, verify, expire }: Sealing,
  { data: { ledger, archive, signing }, alarms }: Holdings,
): void {
  // What they do is in the trail.
  for (const code of [seal, verify, expire]) ledger.grantAppend(code);
  ledger.grantDirectory(seal);
  ledger.grantBeginnings(seal);
  archive.grantSeal(seal);
  archive.grantPublish(publish);
  archive.grantVerify(verify);
  archive.grantExpire(expire);
  signing.grantSign(publish);
  for (const code of [seal, verify, expire]) signing.grantVerify(code);
  alarms.grantAlert(verify);
}
