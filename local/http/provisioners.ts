/** AWS::ApiGatewayV2: the parts of an HTTP API are collected, and put together once all of them are known. */
import { createHash } from 'node:crypto';
import { ISSUER_PATHS } from '../identity/issuer.ts';
import { METRICS } from '../observability/metrics.ts';
import { LOG_FILES, logFileName } from '../observability/provisioners.ts';
import { flag, object, onlyKnown, optionalNumber, optionalString, string, strings } from '../template/properties.ts';
import { type Properties, type Provisioner, type ResourceContext, serviceKey } from '../template/provisioner.ts';
import { type ApiRoute, HttpApi } from './api.ts';
import { JwtAuthorizer } from './authorizer.ts';
import type { CorsConfiguration } from './cors.ts';
import { GATEWAY } from './server.ts';
import { ACCOUNT_LIMITS, type ThrottleLimits } from './throttle.ts';

/** Quotas: the longest and default integration timeout. */
const INTEGRATION_TIMEOUT_MS = 30_000;

interface Integration {
  readonly functionArn: string;
  readonly timeoutMs: number;
}

interface DeclaredRoute {
  readonly key: string;
  readonly target: string;
  readonly authorizerId?: string;
  readonly scopes: readonly string[];
}

interface Parts {
  readonly apiId: string;
  readonly cors?: CorsConfiguration;
  readonly integrations: Map<string, Integration>;
  readonly authorizers: Map<string, JwtAuthorizer>;
  readonly routes: DeclaredRoute[];
  stage?: Properties;
}

const APIS = serviceKey<Map<string, Parts>>('HTTP APIs');

const api: Provisioner = {
  kind: 'AWS::ApiGatewayV2::Api',
  provision: async (_logicalId, properties, context) => {
    onlyKnown(properties, ['CorsConfiguration', 'IpAddressType', 'Name', 'ProtocolType']);
    if (string(properties, 'ProtocolType') !== 'HTTP') throw new Error('only ProtocolType HTTP runs here');
    if (context.has(APIS)) throw new Error('PORT serves one HTTP API, and the template has a second one');
    const apiId = createHash('sha256').update(context.physicalName()).digest('hex').slice(0, 10);
    const cors =
      properties.CorsConfiguration === undefined ? undefined : corsOf(object(properties, 'CorsConfiguration'));
    const parts: Parts = { apiId, ...(cors && { cors }), integrations: new Map(), authorizers: new Map(), routes: [] };
    context.provide(APIS, new Map([[apiId, parts]]));
    context.onStart(() => context.service(GATEWAY).add(assemble(parts, context)));
    return { ref: apiId, attributes: { ApiId: apiId, ApiEndpoint: context.service(GATEWAY).origin } };
  },
};

function corsOf(cors: Properties): CorsConfiguration {
  const maxAge = optionalNumber(cors, 'MaxAge');
  return {
    allowOrigins: strings(cors, 'AllowOrigins'),
    allowMethods: strings(cors, 'AllowMethods'),
    allowHeaders: strings(cors, 'AllowHeaders'),
    exposeHeaders: strings(cors, 'ExposeHeaders'),
    allowCredentials: flag(cors, 'AllowCredentials'),
    ...(maxAge === undefined ? {} : { maxAge }),
  };
}

function partsOf(properties: Properties, context: ResourceContext): Parts {
  const apiId = string(properties, 'ApiId');
  const parts = context.has(APIS) ? context.service(APIS).get(apiId) : undefined;
  if (!parts) throw new Error(`the template has no HTTP API ${apiId}`);
  return parts;
}

const integration: Provisioner = {
  kind: 'AWS::ApiGatewayV2::Integration',
  provision: async (logicalId, properties, context) => {
    onlyKnown(properties, [
      'ApiId',
      'IntegrationMethod',
      'IntegrationType',
      'IntegrationUri',
      'PayloadFormatVersion',
      'TimeoutInMillis',
    ]);
    if (string(properties, 'IntegrationType') !== 'AWS_PROXY')
      throw new Error('only IntegrationType AWS_PROXY runs here');
    if (string(properties, 'PayloadFormatVersion') !== '2.0')
      throw new Error('only PayloadFormatVersion 2.0 runs here');
    const uri = string(properties, 'IntegrationUri');
    const functionArn = /functions\/(arn:.+)\/invocations$/.exec(uri)?.[1] ?? uri;
    const timeoutMs = optionalNumber(properties, 'TimeoutInMillis') ?? INTEGRATION_TIMEOUT_MS;
    partsOf(properties, context).integrations.set(logicalId, { functionArn, timeoutMs });
    return { ref: logicalId, attributes: { IntegrationId: logicalId } };
  },
};

const authorizer: Provisioner = {
  kind: 'AWS::ApiGatewayV2::Authorizer',
  provision: async (logicalId, properties, context) => {
    onlyKnown(properties, ['ApiId', 'AuthorizerType', 'IdentitySource', 'JwtConfiguration', 'Name']);
    if (string(properties, 'AuthorizerType') !== 'JWT') throw new Error('only AuthorizerType JWT runs here');
    const [identitySource = '$request.header.Authorization'] = strings(properties, 'IdentitySource');
    const jwt = object(properties, 'JwtConfiguration');
    const definition = { issuer: string(jwt, 'Issuer'), audience: strings(jwt, 'Audience'), identitySource };
    partsOf(properties, context).authorizers.set(logicalId, new JwtAuthorizer(definition, () => context.clock.now()));
    return { ref: logicalId, attributes: { AuthorizerId: logicalId } };
  },
};

const route: Provisioner = {
  kind: 'AWS::ApiGatewayV2::Route',
  provision: async (logicalId, properties, context) => {
    onlyKnown(properties, ['ApiId', 'AuthorizationScopes', 'AuthorizationType', 'AuthorizerId', 'RouteKey', 'Target']);
    const kind = optionalString(properties, 'AuthorizationType') ?? 'NONE';
    const key = string(properties, 'RouteKey');
    if (ISSUER_PATHS.some((path) => key.includes(` ${path}`)))
      throw new Error(`RouteKey '${key}' is a path of the local issuer`);
    if (kind !== 'NONE' && kind !== 'JWT') throw new Error(`AuthorizationType ${kind} does not run here`);
    partsOf(properties, context).routes.push({
      key,
      target: string(properties, 'Target').replace(/^integrations\//, ''),
      scopes: strings(properties, 'AuthorizationScopes'),
      ...(kind === 'JWT' && { authorizerId: string(properties, 'AuthorizerId') }),
    });
    return { ref: logicalId, attributes: { RouteId: logicalId } };
  },
};

const stage: Provisioner = {
  kind: 'AWS::ApiGatewayV2::Stage',
  provision: async (_logicalId, properties, context) => {
    onlyKnown(properties, [
      'AccessLogSettings',
      'ApiId',
      'AutoDeploy',
      'DefaultRouteSettings',
      'DeploymentId',
      'RouteSettings',
      'StageName',
      'StageVariables',
    ]);
    const parts = partsOf(properties, context);
    if (parts.stage) throw new Error('an HTTP API runs with one stage here, and the template has a second one');
    parts.stage = properties;
    const name = string(properties, 'StageName');
    return { ref: name, attributes: {} };
  },
};

export const httpProvisioners: readonly Provisioner[] = [api, integration, authorizer, route, stage];

function assemble(parts: Parts, context: ResourceContext): HttpApi {
  const settings = parts.stage;
  if (!settings) throw new Error(`the HTTP API ${parts.apiId} has no stage`);
  const variables = object(settings, 'StageVariables');
  const stageVariables = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)]));
  const accessLog = accessLogOf(object(settings, 'AccessLogSettings'), context);
  return new HttpApi(
    {
      apiId: parts.apiId,
      stage: string(settings, 'StageName'),
      routes: parts.routes.map((declared) => connect(declared, parts, settings)),
      ...(Object.keys(stageVariables).length > 0 && { stageVariables }),
      ...(parts.cors && { cors: parts.cors }),
      ...(accessLog && { accessLog }),
      measured: (status, milliseconds) => measure(parts.apiId, status, milliseconds, context),
    },
    context,
  );
}

/** As "HTTP API metrics" names them. */
function measure(apiId: string, status: number, milliseconds: number, context: ResourceContext): void {
  const metrics = context.service(METRICS);
  const about = { namespace: 'AWS/ApiGateway', dimensions: { ApiId: apiId }, at: context.clock.now() };
  metrics.put({ ...about, name: 'Count', value: 1 });
  metrics.put({ ...about, name: '4xx', value: status >= 400 && status < 500 ? 1 : 0 });
  metrics.put({ ...about, name: '5xx', value: status >= 500 ? 1 : 0 });
  metrics.put({ ...about, name: 'Latency', value: Math.round(milliseconds) });
}

function connect(declared: DeclaredRoute, parts: Parts, settings: Properties): ApiRoute {
  const target = parts.integrations.get(declared.target);
  if (!target) throw new Error(`route '${declared.key}' has no integration`);
  const authorizer = declared.authorizerId === undefined ? undefined : parts.authorizers.get(declared.authorizerId);
  if (declared.authorizerId !== undefined && !authorizer) throw new Error(`route '${declared.key}' has no authorizer`);
  const own = object(object(settings, 'RouteSettings'), declared.key);
  return {
    key: declared.key,
    ...target,
    scopes: declared.scopes,
    limits: limitsOf({ ...object(settings, 'DefaultRouteSettings'), ...own }),
    ...(authorizer && { authorizer }),
  };
}

function limitsOf(settings: Properties): ThrottleLimits {
  return {
    rate: optionalNumber(settings, 'ThrottlingRateLimit') ?? ACCOUNT_LIMITS.rate,
    burst: optionalNumber(settings, 'ThrottlingBurstLimit') ?? ACCOUNT_LIMITS.burst,
  };
}

function accessLogOf(settings: Properties, context: ResourceContext) {
  const destination = optionalString(settings, 'DestinationArn');
  const format = optionalString(settings, 'Format');
  if (destination === undefined || format === undefined) return undefined;
  const group = /:log-group:([^:]+)/.exec(destination)?.[1];
  if (group === undefined) throw new Error(`AccessLogSettings.DestinationArn ${destination} is no log group`);
  const file = context.service(LOG_FILES).open(logFileName(group));
  return { format, write: (line: string) => file.text(line) };
}
