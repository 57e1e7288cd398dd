import { apiUrl, reach } from './endpoints.ts';
import { CommandError, EXIT, type ExitCode } from './exit.ts';
import type { CommandValues } from './values.ts';

/** OpenID Connect Discovery 1.0, section 4. */
const DISCOVERY = '/.well-known/openid-configuration';
/** The direct grant of the local issuer (docs/local.md); any other issuer refuses it. */
const LOCAL_GRANT = 'urn:indelible:grant-type:local';

export async function token(values: CommandValues): Promise<ExitCode> {
  if (values.tenant === undefined || values.role === undefined) {
    throw new CommandError(EXIT.usage, 'token needs --tenant and --role, e.g. --tenant acme --role writer');
  }
  const minted = await mintToken(apiUrl(values.url), values.tenant, values.role, values.subject);
  process.stdout.write(`${minted}\n`);
  return EXIT.ok;
}

/** Asks the issuer of a runtime on this machine for an access token; on AWS the tenant's identity provider makes them. */
export async function mintToken(api: URL, tenant: string, role: string, subject?: string): Promise<string> {
  const discovery = await reach(new URL(DISCOVERY, api), {});
  if (!discovery.ok) {
    throw new CommandError(
      EXIT.unreachable,
      `${api.origin} is no local issuer; get a token from your identity provider and pass it with --token`,
    );
  }
  const { token_endpoint: endpoint } = (await discovery.json()) as { token_endpoint: string };
  const form = new URLSearchParams({ grant_type: LOCAL_GRANT, tenant, role, ...(subject && { subject }) });
  const response = await reach(new URL(endpoint), { method: 'POST', body: form });
  const answer = (await response.json()) as { access_token?: string; error_description?: string };
  if (answer.access_token === undefined) {
    throw new CommandError(EXIT.usage, `the issuer refused: ${answer.error_description ?? response.status}`);
  }
  return answer.access_token;
}
