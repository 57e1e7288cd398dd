// The command `user`: the first person of a deployment, and those who follow.
import { UserPool } from '../adapters/cognito/user-pool.ts';
import { visible } from '../core/visible.ts';
import { ROLES } from '../names/api.ts';
import { CONSOLE_CONFIG_PATH } from '../names/console.ts';
import { TENANT_PATTERN } from '../names/patterns.ts';
import { ask, objectOf } from './ask.ts';
import { apiUrl, awsUrl } from './endpoints.ts';
import { CommandError, EXIT, type ExitCode } from './exit.ts';
import { remark, say } from './terminal.ts';
import type { CommandValues } from './values.ts';

const HOW = "user takes 'add EMAIL --tenant T --role R', e.g. user add ann@example.com --tenant acme --role compliance";
const EMAIL = /^[^\s@]+@[^\s@]+$/;

/** Adds a person to the user pool of a deployment, and says the subject that reviewers and grants are named by. */
export async function user(values: CommandValues, [verb, email = '', ...rest]: string[]): Promise<ExitCode> {
  const { tenant = '', role = '', cases, url } = values;
  if (verb !== 'add' || !EMAIL.test(email) || rest.length > 0) throw new CommandError(EXIT.usage, HOW);
  if (!new RegExp(TENANT_PATTERN).test(tenant))
    throw new CommandError(EXIT.usage, `--tenant is missing or no tenant; ${HOW}`);
  const roles = rolesIn(role);
  const pool = await poolOf(apiUrl(url), values['aws-url']);
  const subject = await added(() => pool.add({ email, tenant, roles, ...(cases === undefined ? {} : { cases }) }));
  say(`${visible(subject)}\n`);
  remark(
    `${visible(email)} is sent a temporary password by email, and sets up a second factor at the first sign-in.\n`,
  );
  return EXIT.ok;
}

function rolesIn(text: string): string {
  const roles = text.split(/[\s,]+/).filter((role) => role !== '');
  const known: readonly string[] = ROLES;
  if (roles.length > 0 && roles.every((role) => known.includes(role))) return roles.join(' ');
  throw new CommandError(EXIT.usage, `--role takes ${ROLES.join(', ')}, or several of them in quotes`);
}

/** `https://cognito-idp.REGION.amazonaws.com/POOL`: what a pool calls itself. */
const POOL = /^https:\/\/cognito-idp\.([a-z0-9-]+)\.[a-z0-9.]+\/([\w-]+)$/;

/** The deployment itself says who issues its tokens. */
async function poolOf(api: URL, awsUrlOption: string | undefined): Promise<UserPool> {
  const answer = await ask(new URL(CONSOLE_CONFIG_PATH, api), {});
  const { issuer } = objectOf(answer) ?? {};
  if (answer.status !== 200 || typeof issuer !== 'string') {
    throw new CommandError(
      EXIT.unreachable,
      `${api.origin} answered ${answer.status} to ${CONSOLE_CONFIG_PATH}; pass the API's address with --url`,
    );
  }
  const [, region, id] = POOL.exec(issuer) ?? [];
  if (region === undefined || id === undefined) {
    const why = `tokens of this deployment are issued by ${visible(issuer)}, which is no user pool`;
    throw new CommandError(EXIT.usage, `${why}; people are added there (docs/deploy.md, "Tokens")`);
  }
  const endpoint = awsUrlOption === undefined ? undefined : awsUrl(awsUrlOption);
  return new UserPool(id, { region, ...(endpoint === undefined ? {} : { endpoint }) });
}

async function added(add: () => Promise<string>): Promise<string> {
  try {
    return await add();
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'UsernameExistsException' || name === 'AliasExistsException') {
      throw new CommandError(EXIT.refused, 'there is a user of this address already', { cause: error });
    }
    throw new CommandError(EXIT.unreachable, `the user pool did not take the user: ${name}: ${visible(message)}`, {
      cause: error,
    });
  }
}
