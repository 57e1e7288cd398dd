// Who issues tokens, and what functions are told of their claims.
import type { IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import {
  AccountRecovery,
  ClientAttributes,
  FeaturePlan,
  Mfa,
  StringAttribute,
  UserPool,
} from 'aws-cdk-lib/aws-cognito';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ACCESS } from '../../names/access.ts';
import { API } from '../../names/api.ts';
import type { StageConfig } from '../config/stage.ts';
import { acknowledge } from './acknowledge.ts';
import type { Code } from './code.ts';

/** Who issues tokens: the configured OIDC issuer, or a user pool made for this deployment. */
export class Identity extends Construct {
  readonly authorizer: IHttpRouteAuthorizer;
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly #claims: { readonly tenant: string; readonly role: string };
  readonly #access: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { oidc, plans, tenants }: Pick<StageConfig, 'oidc' | 'plans' | 'tenants'>) {
    super(scope, id);
    const { issuer, audience } = oidc ?? this.#userPool();
    this.issuer = issuer;
    this.audience = audience;
    this.#claims = { tenant: oidc?.tenantClaim ?? API.tenantClaim, role: oidc?.roleClaim ?? API.roleClaim };
    this.#access = {
      [ACCESS.casesClaimEnv]: oidc?.casesClaim ?? ACCESS.casesClaim,
      [ACCESS.plansEnv]: JSON.stringify(plans),
      [ACCESS.tenantsEnv]: JSON.stringify(accessOf(tenants)),
    };
    this.authorizer = new HttpJwtAuthorizer('Token', issuer, { jwtAudience: [...audience] });
  }

  /** Tell a function which claims of the verified token name tenant and role. */
  describeClaims(code: Code): void {
    code.configure(API.tenantClaimEnv, this.#claims.tenant);
    code.configure(API.roleClaimEnv, this.#claims.role);
  }

  /** And what the deployment says of who may read what: functions/api/shared/access.ts. */
  describeAccess(code: Code): void {
    this.describeClaims(code);
    for (const [key, value] of Object.entries(this.#access)) code.configure(key, value);
  }

  #userPool(): { issuer: string; audience: string[] } {
    const pool = new UserPool(this, 'UserPool', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
      },
      customAttributes: {
        tenant: new StringAttribute({ minLen: 1, maxLen: 128, mutable: false }),
        role: new StringAttribute({ minLen: 1, maxLen: 128, mutable: true }),
        cases: new StringAttribute({ minLen: 0, maxLen: 2_048, mutable: true }),
      },
      featurePlan: FeaturePlan.ESSENTIALS,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      pool,
      'AwsSolutions-COG8',
      'The Plus plan adds threat protection at a price a user; the deployer may choose it, MFA is required of everyone.',
    );
    // Users may read what they are and never write it: by default a client may write every attribute of its user.
    const client = pool.addClient('Client', {
      authFlows: { userSrp: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
      idTokenValidity: Duration.hours(1),
      accessTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.hours(12),
      readAttributes: new ClientAttributes()
        .withStandardAttributes({ email: true, emailVerified: true })
        .withCustomAttributes('tenant', 'role', 'cases'),
      writeAttributes: new ClientAttributes().withStandardAttributes({ email: true }),
    });
    return { issuer: pool.userPoolProviderUrl, audience: [client.userPoolClientId] };
  }
}

/** Tenants that have a plan or reviewers of their own; retention is nobody's here. */
function accessOf(tenants: StageConfig['tenants']): Record<string, unknown> {
  const own = Object.entries(tenants).map(([tenant, { plan, reviewers }]) => [tenant, { plan, reviewers }] as const);
  return Object.fromEntries(own.filter(([, { plan, reviewers }]) => plan !== undefined || reviewers !== undefined));
}
