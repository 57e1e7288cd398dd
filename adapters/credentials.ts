// Credentials from the environment, in place of the SDK's chain of providers.
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Bundles take this for the SDK's default chain of credentials (lib/constructs/bundle.ts): Lambda gives a function its
 * role's credentials in the environment, and the rest of the chain (profiles, SSO, web identity, instance metadata) is a
 * quarter of a bundle that no function ever runs.
 */
export const defaultProvider = () => async () => fromEnvironment(process.env);

export class CredentialsMissing extends Error {
  override readonly name = 'CredentialsMissing';
}

export function fromEnvironment(environment: NodeJS.ProcessEnv): Credentials {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = environment;
  if (!accessKeyId || !secretAccessKey) {
    throw new CredentialsMissing('got no AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY, want the credentials of a role');
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
