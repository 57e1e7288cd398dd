/** Composes the local runtime: take the ports, synthesize, provision, open. What a start opened, a stop closes in reverse. */
import { join } from 'node:path';
import { ACCESS } from '../names/access.ts';
import { API } from '../names/api.ts';
import { type AwsEndpoint, createAwsEndpoint } from './aws/endpoint.ts';
import { IAM } from './aws/iam/service.ts';
import { systemClock } from './clock.ts';
import type { Closing } from './closing.ts';
import type { LocalConfig } from './config.ts';
import { demandDatabase, readDeployed, writeDeployed } from './deployed.ts';
import { localDynamoDb } from './dynamodb/provisioners.ts';
import { localEvents } from './events/provisioners.ts';
import { messageOf, StartFailure } from './failure.ts';
import { GATEWAY, Gateway, portFailure } from './http/server.ts';
import { Issuer } from './identity/issuer.ts';
import { signingKey } from './identity/key.ts';
import { UNASKED_KEYS } from './kms/ask.ts';
import { ASSETS, declaredVariable } from './lambda/provisioners.ts';
import { FUNCTIONS, Functions } from './lambda/registry.ts';
import { lockDataDir } from './lock.ts';
import { UNWATCHED } from './observability/alarms.ts';
import { openLogFiles } from './observability/files.ts';
import { GAUGES, gauges } from './observability/gauges.ts';
import { METRICS, Metrics } from './observability/metrics.ts';
import { LOG_FILES } from './observability/provisioners.ts';
import { provisioners } from './provisioners.ts';
import { ACCOUNT, createRuntime, REGION, type Runtime } from './runtime.ts';
import { SPACE, Space } from './space.ts';
import { LOCAL_AUDIENCE, synthesize } from './synthesize.ts';
import { type Deployment, deploy } from './template/deploy.ts';
import { ROLES } from './template/provisioner.ts';

const SPACE_LOOK_MS = 2_000;

export interface Started {
  readonly deployment: Deployment;
  /** Absent when the configuration names an issuer of its own. */
  readonly issuer?: Issuer;
  /** Resources of the last start that the template has no longer: their data stays on disk and is not served. */
  readonly retired: readonly string[];
  /** Alarms over metrics that only AWS has. */
  readonly unwatched: readonly string[];
  /** What the template puts under a key that nobody asks for here. */
  readonly unasked: readonly string[];
}

/** `closing` gets whatever is opened, and may be stopped at any moment, before the start is finished too. */
export async function start(config: LocalConfig, show: (line: string) => void, closing: Closing): Promise<Started> {
  try {
    return await open(config, show, closing);
  } catch (error) {
    // The failure of the start is what someone has to know; closing what was half open may well fail after it.
    await closing.stop().catch(() => undefined);
    throw error;
  }
}

async function open(config: LocalConfig, show: (line: string) => void, closes: Closing): Promise<Started> {
  closes.push(lockDataDir(config.dataDir));
  const before = await readDeployed(config.dataDir, show);
  demandDatabase(config.dataDir, before);
  const gateway = await Gateway.listen(config.port);
  closes.push(() => gateway.close());
  const runtime = await compose(config, show, gateway, closes);
  const { context } = runtime;

  // Java takes as long to start as the app to synthesize, so both begin at once.
  const database = localDynamoDb(context);
  const { assembly, localIssuer, reused } = await both(synthesize(config, gateway.origin), database);
  context.log('start', 'synthesized', { reused, seconds: elapsed() });
  await localEvents(context);
  const functions = new Functions();
  context.provide(FUNCTIONS, functions);
  context.provide(ASSETS, assembly.assets);
  await functions.open(join(config.dataDir, 'lambda', 'async.ndjson'), context);
  context.target('lambda', (message) => functions.deliver(message));
  context.onStop('compute', () => functions.close());
  const deployment = await deploy(assembly, provisioners, context);
  context.log('start', 'provisioned', { resources: deployment.resources.size, seconds: elapsed() });

  const issuer = localIssuer ? await localIdentity(config, gateway, runtime) : undefined;
  functions.resume();
  await runtime.start();
  gateway.open();
  // A stop begins with the listener, so that what it has accepted still finds everything running.
  closes.push(() => gateway.close());
  const unwatched = context.service(UNWATCHED);
  const now = Object.fromEntries(deployment.resources);
  await writeDeployed(config.dataDir, now);
  const retired = Object.keys(before).filter((place) => !Object.hasOwn(now, place));
  const unasked = [...context.service(UNASKED_KEYS)].sort();
  return { deployment, unwatched, unasked, retired, ...(issuer && { issuer }) };
}

async function compose(
  config: LocalConfig,
  show: (line: string) => void,
  gateway: Gateway,
  closes: Closing,
): Promise<Runtime> {
  const logs = openLogFiles(join(config.dataDir, 'logs'), show);
  closes.push(() => logs.close());
  const endpoint = createAwsEndpoint({
    region: REGION,
    account: ACCOUNT,
    now: () => systemClock.now(),
    failed: (service, error) => runtime.context.warn(service, messageOf(error), { stack: (error as Error).stack }),
  });
  closes.push(() => endpoint.close());
  const awsEndpoint = await listenAws(endpoint, config.awsPort);
  const runtime: Runtime = createRuntime({
    dataDir: config.dataDir,
    awsEndpoint,
    clock: systemClock,
    logs,
    serve: (service) => endpoint.serve(service),
    show,
  });
  closes.push(() => runtime.stop());
  runtime.context.provide(IAM, endpoint.access);
  runtime.context.provide(ROLES, endpoint.access.roles);
  runtime.context.provide(LOG_FILES, logs);
  runtime.context.provide(METRICS, new Metrics(logs.open('metrics.ndjson')));
  runtime.context.provide(GAUGES, gauges(runtime.context));
  runtime.context.provide(UNWATCHED, []);
  runtime.context.provide(UNASKED_KEYS, new Set());
  runtime.context.provide(SPACE, watchedSpace(config.dataDir, runtime));
  runtime.context.provide(GATEWAY, gateway);
  return runtime;
}

/** Looked at before every write, and now and then, so that someone at the keyboard hears when there is space again. */
function watchedSpace(directory: string, { context }: Runtime): Space {
  const shortage = new Space({ directory, warn: () => undefined }).shortage();
  if (shortage !== undefined) throw new StartFailure(shortage);
  const space = new Space({ directory, warn: (message) => context.warn('space', message) });
  const timer = setInterval(() => space.shortage(), SPACE_LOOK_MS);
  timer.unref();
  context.onStop('services', () => clearInterval(timer));
  return space;
}

async function listenAws(endpoint: AwsEndpoint, port: number): Promise<string> {
  try {
    return await endpoint.listen(port);
  } catch (error) {
    throw portFailure(error as NodeJS.ErrnoException, 'AWS_PORT', port);
  }
}

/** Since this process began. */
function elapsed(): number {
  return Math.round(performance.now()) / 1000;
}

/** Fails with the first failure, once neither is still at work. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<A> {
  const [one, two] = await Promise.allSettled([first, second]);
  if (two.status === 'rejected') throw two.reason;
  if (one.status === 'rejected') throw one.reason;
  return one.value;
}

async function localIdentity(config: LocalConfig, gateway: Gateway, { context }: Runtime): Promise<Issuer> {
  const issuer = new Issuer({
    issuer: gateway.origin,
    audience: LOCAL_AUDIENCE,
    key: await signingKey(config.dataDir),
    now: () => context.clock.now(),
    claims: () => ({
      tenant: declaredVariable(context, API.tenantClaimEnv) ?? API.tenantClaim,
      role: declaredVariable(context, API.roleClaimEnv) ?? API.roleClaim,
      cases: declaredVariable(context, ACCESS.casesClaimEnv) ?? ACCESS.casesClaim,
    }),
  });
  gateway.add(issuer);
  return issuer;
}
