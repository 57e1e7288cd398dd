// The stack of the evidence.
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { fixedSeconds, leastDays, parseDuration } from '../config/duration.ts';
import type { StageConfig } from '../config/stage.ts';
import { ArchiveBucket } from '../constructs/archive-bucket.ts';
import { Ledger } from '../constructs/ledger.ts';
import { SigningKeys } from '../constructs/signing-keys.ts';
import { trustedRoles } from '../constructs/trusted.ts';

/**
 * What has to outlive everything else: the evidence and the keys that open it. It changes rarely, is protected from termination,
 * and knows nothing of what runs on it.
 */
export class DataStack extends Stack {
  readonly ledger: Ledger;
  readonly archive: ArchiveBucket;
  readonly signing: SigningKeys;

  constructor(scope: Construct, id: string, config: StageConfig, props?: StackProps) {
    super(scope, id, { ...props, description: 'Indelible: the ledger and the archive', terminationProtection: true });
    const trusted = trustedRoles(config);
    this.archive = new ArchiveBucket(this, 'Archive', {
      trusted,
      retention: config.retention,
      tenants: config.tenants,
      leastLockDays: leastLockDays(config.retention),
    });
    const { roles } = this.archive;
    this.ledger = new Ledger(this, 'Ledger', { hotWindowSeconds: fixedSeconds(config.hotWindow)!, roles, trusted });
    this.signing = new SigningKeys(this, 'Signing', {
      origin: config.log.origin ?? this.#origin(config),
      trusted,
      publisher: roles.publisher,
    });
  }

  /** One line without a blank or a plus sign, which no other deployment has. */
  #origin({ name }: StageConfig): string {
    return `indelible/${this.region}/${this.account}/${name}`;
  }
}

/**
 * A segment's lock ends its category's retention after the entries were recorded, and it is written up to a day later. So a
 * day is what every lock still has then, unless a category is configured for less than two.
 */
function leastLockDays(retention: StageConfig['retention']): number {
  const short = Object.values(retention).some((text) => {
    const duration = parseDuration(text);
    return duration !== undefined && leastDays(duration) < 2;
  });
  return short ? 0 : 1;
}
