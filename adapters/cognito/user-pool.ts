// People of a Cognito user pool.
import { AdminCreateUserCommand, CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { ACCESS } from '../../names/access.ts';
import { API } from '../../names/api.ts';

export interface NewUser {
  readonly email: string;
  readonly tenant: string;
  /** With blanks between them. */
  readonly roles: string;
  /** An investigator's cases, likewise. */
  readonly cases?: string;
}

export interface UserPoolOptions {
  readonly region: string;
  /** Absent: AWS itself. */
  readonly endpoint?: URL;
}

/** A user pool by its id. Errors are the SDK's own. */
export class UserPool {
  readonly #id: string;
  readonly #client: CognitoIdentityProviderClient;

  constructor(id: string, { region, endpoint }: UserPoolOptions) {
    this.#id = id;
    this.#client = new CognitoIdentityProviderClient({
      region,
      ...(endpoint === undefined ? {} : { endpoint: endpoint.href }),
    });
  }

  /** Answers the subject that the user's tokens have. Cognito sends a temporary password by email; without saying so it would send an SMS. */
  async add({ email, tenant, roles, cases }: NewUser): Promise<string> {
    const attributes = {
      ...{ email, email_verified: 'true', [API.tenantClaim]: tenant, [API.roleClaim]: roles },
      ...(cases === undefined ? {} : { [ACCESS.casesClaim]: cases }),
    };
    const { User: user } = await this.#client.send(
      new AdminCreateUserCommand({
        UserPoolId: this.#id,
        Username: email,
        DesiredDeliveryMediums: ['EMAIL'],
        UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
      }),
    );
    return user?.Attributes?.find(({ Name }) => Name === 'sub')?.Value ?? user?.Username ?? email;
  }
}
