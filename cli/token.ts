import { apiUrl, reach } from './endpoints.ts';
import { CommandError, EXIT, type ExitCode } from './exit.ts';
import type { CommandValues } from './main.ts';

/** Where the local issuer serves its discovery document (OpenID Connect Discovery 1.0, section 4). */
const DISCOVERY = '/.well-known/openid-configuration';

export async function token(values: CommandValues): Promise<ExitCode> {
  if (values.tenant === undefined || values.role === undefined) {
    throw new CommandError(EXIT.usage, 'token needs --tenant and --role, e.g. --tenant acme --role writer');
  }
  const minted = await mintToken(apiUrl(values.url), values.tenant, values.role, values.subject);
  process.stdout.write(`${minted}\n`);
  return EXIT.ok;
}
