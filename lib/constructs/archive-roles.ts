/** The roles that the archive's policy, and those of the keys and tables, make exceptions for: one for each function that writes. */
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

const ROLES = {
  /** Writes segments and evidence as the ledger's stream comes. */
  archiver: 'the archive, which writes segments',
  /** Writes everything of a seal but its checkpoint. */
  sealer: 'the seal, which writes digests and tiles',
  /** Signs checkpoints, and writes the log. */
  publisher: 'the one role that signs checkpoints',
  /** Keeps reports. */
  verifier: 'the verification, which writes reports',
  /** Buries, and removes versions whose lock has ended. */
  remover: 'expiry, the one role that may remove what is no longer locked',
  /** Says that legal holds begin and end. */
  holder: 'legal holds, the one role that may say that one begins or ends',
  /** Brings S3's own holds in line with them. */
  sweeper: "the sweep, which brings S3's legal holds in line",
} as const;

export type ArchiveRoles = Readonly<Record<keyof typeof ROLES, Role>>;

/** A policy that denies to all but one has to name it, so these roles belong to what is protected, and outlive what runs. */
export function archiveRoles(scope: Construct): ArchiveRoles {
  const made = Object.entries(ROLES).map(([name, what]) => {
    const role = new Role(scope, `${name[0]!.toUpperCase()}${name.slice(1)}`, {
      description: `Indelible: ${what}`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    return [name, role] as const;
  });
  return Object.fromEntries(made) as Record<keyof typeof ROLES, Role>;
}
