// What can be granted something: a permission and a variable.
import type { Construct } from 'constructs';

export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Whatever has a role of its own that permissions are added to. */
export interface Grantee extends Construct {
  allow(permission: Permission): void;
}
