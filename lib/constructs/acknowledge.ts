// Findings of rule packs that are accepted, with the reason.
import { Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** Accepts a finding of a rule pack on this construct and what is under it, with the reason why it is right here. */
export function acknowledge(construct: Construct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}
