/** What a start says: addresses, where data lies, what was provisioned, and a first request that works as pasted. */
import { PATHS } from '../names/api.ts';
import type { LocalConfig } from './config.ts';
import type { Started } from './start.ts';

const FIRST_ENTRY = {
  action: 'customer.updated',
  actor: { type: 'user', id: 'u3' },
  target: { type: 'customer', id: 'c4242' },
};

export async function banner(config: LocalConfig, started: Started, startMs: number): Promise<void> {
  const { deployment, issuer, retired, unwatched, unasked } = started;
  const inert = deployment.inert.reduce((sum, { count }) => sum + count, 0);
  const stacks = deployment.outputs.size;
  const lines = [
    '',
    `  console        http://127.0.0.1:${config.port}/`,
    `  API            http://127.0.0.1:${config.port}`,
    ...(issuer ? [`  sign-in        http://127.0.0.1:${config.port}/.well-known/openid-configuration`] : []),
    `  AWS endpoint   http://127.0.0.1:${config.awsPort}   (aws --endpoint-url; any credentials, Region us-east-1)`,
    `  data           ${config.dataDir}   (logs in logs/)`,
    '',
    `${deployment.resources.size} resources of ${stacks} stacks in ${(startMs / 1000).toFixed(1)} s; ${inert} of them have nothing to do here:`,
    ...deployment.inert.map(({ kind, count, reason }) => `  ${count} ${kind}: ${reason}`),
    ...(unwatched.length > 0 ? ['', `Alarms on metrics that only AWS has: ${unwatched.join(', ')}`] : []),
    ...(unasked.length > 0 ? ['', `Keys that are not asked for here: those of ${unasked.join(', ')}`] : []),
    ...(retired.length > 0 ? ['', `No longer in the template, data kept: ${retired.join(', ')}`] : []),
  ];
  console.log(lines.join('\n'));
  if (issuer) console.log(await firstRequest(config, issuer));
}

async function firstRequest(config: LocalConfig, issuer: NonNullable<Started['issuer']>): Promise<string> {
  const token = await issuer.token({ tenant: 'acme', role: 'writer', subject: 'me' });
  return `
Record a first entry (the token of tenant acme, role writer, is good for an hour):

curl -sS http://127.0.0.1:${config.port}${PATHS.entries} -H 'content-type: application/json' -H 'authorization: Bearer ${token}' -d '${JSON.stringify(FIRST_ENTRY)}'

npx indelible token --tenant acme --role writer   prints another token.
npx indelible demo                                fills the tenant demo with a month to look at.
`;
}
