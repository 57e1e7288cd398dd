// The HTTP API: routes, authorizer, throttling, access log.
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { PATHS } from '../../names/api.ts';
import { SITE_PATHS } from '../../names/site.ts';
import type { StageConfig } from '../config/stage.ts';
import { acknowledge } from './acknowledge.ts';
import type { Code } from './code.ts';
import type { EncryptionKey } from './encryption-key.ts';

export interface ApiProps {
  readonly ingest: Code;
  readonly read: Code;
  readonly health: Code;
  readonly openapi: Code;
  readonly catalog: Code;
  readonly site: Code;
  readonly log: Code;
  readonly evidence: Code;
  readonly verifications: Code;
  readonly holds: Code;
  readonly queries: Code;
  readonly search: Code;
  readonly exports: Code;
  readonly bundles: Code;
  readonly authorizer: IHttpRouteAuthorizer;
  readonly throttling: StageConfig['throttling'];
  readonly cors: StageConfig['cors'];
  readonly logKey: EncryptionKey;
  readonly logRetention: RetentionDays;
}

/** Who asked for what and what became of it; never a query, a header or a body. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  milliseconds: '$context.responseLatency',
  subject: '$context.authorizer.claims.sub',
  authorizerError: '$context.authorizer.error',
  integrationError: '$context.integrationErrorMessage',
};

const PREFLIGHT_AGE = Duration.hours(1);

/** The HTTP API: every route asks for a token but health, the API's description, the digest log and what holds nothing of a tenant. API Gateway speaks TLS 1.2 and newer only. */
export class Api extends Construct {
  readonly api: HttpApi;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      description: 'Indelible',
      createDefaultStage: false,
      ...(props.cors.origins.length === 0 ? {} : { corsPreflight: preflight(props.cors.origins) }),
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      encryptionKey: props.logKey.key,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: props.throttling,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    const open = new HttpNoneAuthorizer();
    this.#routes(props.health, open, [HttpMethod.GET, PATHS.health]);
    this.#routes(props.openapi, open, [HttpMethod.GET, PATHS.openapi]);
    this.#routes(props.site, open, ...Object.values(SITE_PATHS).map((path): Route => [HttpMethod.GET, path]));
    this.#routes(
      props.log,
      open,
      ...[PATHS.logCheckpoint, PATHS.logKeys, PATHS.logTile].map((path): Route => [HttpMethod.GET, path]),
    );
    this.#routes(props.ingest, props.authorizer, [HttpMethod.POST, PATHS.entries]);
    this.#routes(props.catalog, props.authorizer, [HttpMethod.GET, PATHS.catalog]);
    this.#routes(props.read, props.authorizer, [HttpMethod.GET, PATHS.entry]);
    this.#routes(
      props.evidence,
      props.authorizer,
      ...[PATHS.proof, PATHS.digests, PATHS.document, PATHS.chainTile, PATHS.chainTiles, PATHS.bodies].map(
        (path): Route => [HttpMethod.GET, path],
      ),
    );
    this.#routes(
      props.verifications,
      props.authorizer,
      [HttpMethod.GET, PATHS.verifications],
      [HttpMethod.GET, PATHS.verification],
    );
    this.#routes(
      props.holds,
      props.authorizer,
      [HttpMethod.GET, PATHS.holds],
      [HttpMethod.POST, PATHS.holds],
      [HttpMethod.POST, PATHS.releaseHold],
    );
    this.#routes(
      props.queries,
      props.authorizer,
      [HttpMethod.GET, PATHS.queries],
      [HttpMethod.POST, PATHS.queries],
      [HttpMethod.GET, PATHS.query],
      [HttpMethod.GET, PATHS.queryEntries],
      [HttpMethod.POST, PATHS.cancelQuery],
    );
    this.#routes(
      props.search,
      props.authorizer,
      ...[PATHS.entries, PATHS.histogram, PATHS.history, PATHS.related, PATHS.changes].map(
        (path): Route => [HttpMethod.GET, path],
      ),
      ...[PATHS.searches, PATHS.search].map((path): Route => [HttpMethod.GET, path]),
      [HttpMethod.POST, PATHS.searches],
      [HttpMethod.PUT, PATHS.search],
      [HttpMethod.DELETE, PATHS.search],
    );
    this.#routes(
      props.exports,
      props.authorizer,
      [HttpMethod.GET, PATHS.exports],
      [HttpMethod.POST, PATHS.exports],
      [HttpMethod.GET, PATHS.export],
      [HttpMethod.POST, PATHS.cancelExport],
      [HttpMethod.POST, PATHS.exportGrants],
    );
    this.#routes(
      props.bundles,
      props.authorizer,
      [HttpMethod.GET, PATHS.bundles],
      [HttpMethod.POST, PATHS.bundles],
      [HttpMethod.GET, PATHS.bundle],
      [HttpMethod.POST, PATHS.cancelBundle],
    );
    acknowledge(
      this.api,
      'AwsSolutions-APIG4',
      'Health says that the service answers, the description what the API is; the log is public for anyone to check, and pages hold nothing of a tenant.',
    );
  }

  #routes(code: Code, authorizer: IHttpRouteAuthorizer, ...routes: readonly Route[]): void {
    const integration = new HttpLambdaIntegration(`${code.node.id}Integration`, code.function);
    for (const [method, path] of routes) this.api.addRoutes({ path, methods: [method], integration, authorizer });
  }
}

type Route = readonly [method: HttpMethod, path: string];

function preflight(origins: readonly string[]) {
  return {
    allowOrigins: [...origins],
    allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.PUT, CorsHttpMethod.DELETE],
    allowHeaders: ['authorization', 'content-type', 'idempotency-key'],
    exposeHeaders: ['retry-after'],
    maxAge: PREFLIGHT_AGE,
  };
}
