// Who issues tokens, and what functions are told of their claims.
import type { IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import {
  AccountRecovery,
  CfnManagedLoginBranding,
  ClientAttributes,
  FeaturePlan,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  StringAttribute,
  UserPool,
  UserPoolClientIdentityProvider,
} from 'aws-cdk-lib/aws-cognito';
import { Aws, Duration, Fn, Lazy, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ACCESS } from '../../names/access.ts';
import { API } from '../../names/api.ts';
import { CONSOLE_CONFIG_ENV, CONSOLE_ORIGINS_ENV, type ConsoleConfig } from '../../names/console.ts';
import type { ConsoleClient, Oidc, StageConfig } from '../config/stage.ts';
import { acknowledge } from './acknowledge.ts';
import type { Code } from './code.ts';

/** Who issues tokens: the configured OIDC issuer, or a user pool made for this deployment. */
export class Identity extends Construct {
  readonly authorizer: IHttpRouteAuthorizer;
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly #claims: ConsoleConfig['claims'];
  readonly #access: Readonly<Record<string, string>>;
  readonly #people: Issuing['people'];
  #console: string | undefined;

  constructor(scope: Construct, id: string, { oidc, plans, tenants }: Pick<StageConfig, 'oidc' | 'plans' | 'tenants'>) {
    super(scope, id);
    const { issuer, audience, people } = oidc === undefined ? this.#userPool() : ownIssuer(oidc);
    this.issuer = issuer;
    this.audience = audience;
    this.#people = people;
    this.#claims = {
      tenant: oidc?.tenantClaim ?? API.tenantClaim,
      role: oidc?.roleClaim ?? API.roleClaim,
      cases: oidc?.casesClaim ?? ACCESS.casesClaim,
    };
    this.#access = {
      [ACCESS.casesClaimEnv]: this.#claims.cases,
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

  /** Tell a function what the console has to know before anybody has signed in. */
  describeConsole(code: Code): void {
    const { origins, ...people } = this.#people;
    const config: ConsoleConfig = { issuer: this.issuer, ...people, claims: this.#claims };
    code.configure(CONSOLE_CONFIG_ENV, JSON.stringify(config));
    code.configure(CONSOLE_ORIGINS_ENV, origins.join(' '));
  }

  /** The console's own address, where a user pool sends people back to. It is known when the API is there. */
  serveConsoleAt(origin: string): void {
    this.#console = origin;
  }

  #userPool(): Issuing {
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
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID],
        callbackUrls: [this.#page()],
        logoutUrls: [this.#page()],
      },
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      preventUserExistenceErrors: true,
      idTokenValidity: Duration.hours(1),
      accessTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.hours(12),
      readAttributes: new ClientAttributes()
        .withStandardAttributes({ email: true, emailVerified: true })
        .withCustomAttributes('tenant', 'role', 'cases'),
      writeAttributes: new ClientAttributes().withStandardAttributes({ email: true }),
    });
    const domain = pool.addDomain('Domain', {
      cognitoDomain: { domainPrefix: domainPrefix() },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    // Without a style, managed login has no page for the client.
    new CfnManagedLoginBranding(this, 'Branding', {
      userPoolId: pool.userPoolId,
      clientId: client.userPoolClientId,
      useCognitoProvidedValues: true,
    });
    return {
      issuer: pool.userPoolProviderUrl,
      audience: [client.userPoolClientId],
      people: {
        clientId: client.userPoolClientId,
        scope: 'openid',
        // Its access tokens carry no attributes.
        token: 'id',
        origins: [`https://cognito-idp.${Aws.REGION}.${Aws.URL_SUFFIX}`, domain.baseUrl()],
        logout: `${domain.baseUrl()}/logout`,
      },
    };
  }

  #page(): string {
    return Lazy.string({
      produce: () => {
        if (this.#console === undefined) throw new Error('got no address of the console, want serveConsoleAt called');
        return `${this.#console}/`;
      },
    });
  }
}

interface Issuing {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** How people sign in, and which origins a browser asks for that. */
  readonly people: ConsoleClient & Pick<ConsoleConfig, 'logout'>;
}

function ownIssuer({ issuer, audience, console }: Oidc): Issuing {
  return {
    issuer,
    audience,
    people: { ...console, origins: [...new Set([new URL(issuer).origin, ...console.origins])] },
  };
}

/** Of a Region's names each can be had once: a part of the stack's own id is nobody else's. */
function domainPrefix(): string {
  const uuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return Fn.join('-', ['indelible', Fn.select(0, Fn.split('-', uuid)), Fn.select(1, Fn.split('-', uuid))]);
}

/** Tenants that have a plan or reviewers of their own; retention is nobody's here. */
function accessOf(tenants: StageConfig['tenants']): Record<string, unknown> {
  const own = Object.entries(tenants).map(([tenant, { plan, reviewers }]) => [tenant, { plan, reviewers }] as const);
  return Object.fromEntries(own.filter(([, { plan, reviewers }]) => plan !== undefined || reviewers !== undefined));
}
