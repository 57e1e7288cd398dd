// The command `token`.
import { ask, objectOf } from './ask.ts';
import { apiUrl } from './endpoints.ts';
import { CommandError, EXIT, type ExitCode } from './exit.ts';
import { say } from './terminal.ts';
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
  say(`${minted}\n`);
  return EXIT.ok;
}

/** Asks the issuer of a runtime on this machine for an access token; on AWS the tenant's identity provider makes them. */
export async function mintToken(api: URL, tenant: string, role: string, subject?: string): Promise<string> {
  const discovery = await ask(new URL(DISCOVERY, api), {});
  const { token_endpoint: endpoint } = objectOf(discovery) ?? {};
  if (discovery.status !== 200 || typeof endpoint !== 'string' || !URL.canParse(endpoint)) {
    const remedy = isLater(discovery.status)
      ? 'try again later'
      : 'get a token from your identity provider and pass it with --token';
    throw new CommandError(
      EXIT.unreachable,
      `${api.origin} answered ${discovery.status} and is no local issuer now; ${remedy}`,
    );
  }
  const body = new URLSearchParams({ grant_type: LOCAL_GRANT, tenant, role, ...(subject && { subject }) });
  const answer = await ask(new URL(endpoint), { method: 'POST', body }, { harmless: true });
  const { access_token: minted, error_description: why } = objectOf(answer) ?? {};
  if (typeof minted === 'string' && TOKEN.test(minted)) return minted;
  const exit = isLater(answer.status) ? EXIT.unreachable : EXIT.usage;
  throw new CommandError(exit, `the issuer refused: ${typeof why === 'string' ? why : answer.status}`);
}

/** RFC 6750, section 2.1: what may follow `Bearer`. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

const isLater = (status: number) => status === 429 || status >= 500;
