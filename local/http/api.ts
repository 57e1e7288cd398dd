/** One HTTP API with its routes: what happens between a request off the wire and the answer. */
import { randomBytes } from 'node:crypto';
import { messageOf } from '../failure.ts';
import { InvokeRefused, type InvokeResult, type RuntimeContext } from '../template/provisioner.ts';
import { type AccessRecord, accessLine } from './accesslog.ts';
import type { AuthorizedToken, JwtAuthorizer } from './authorizer.ts';
import { type CorsConfiguration, isPreflight, preflightHeaders, withCors } from './cors.ts';
import { commonLogTime, eventOf, type GatewayResponse, responseOf } from './event.ts';
import { GatewayError, type GatewayRequest } from './request.ts';
import { type Match, type Route, RouteTable } from './routes.ts';
import { type ThrottleLimits, TokenBucket } from './throttle.ts';

export interface ApiRoute extends Route {
  readonly functionArn: string;
  readonly timeoutMs: number;
  readonly authorizer?: JwtAuthorizer;
  readonly scopes: readonly string[];
  readonly limits: ThrottleLimits;
}

export interface ApiDefinition {
  readonly apiId: string;
  readonly stage: string;
  readonly stageVariables?: Readonly<Record<string, string>>;
  readonly routes: readonly ApiRoute[];
  readonly cors?: CorsConfiguration;
  readonly measured?: (status: number, milliseconds: number) => void;
  readonly accessLog?: { readonly format: string; readonly write: (line: string) => void };
}

/** What one request collects on its way, for the access log. */
interface Trace {
  readonly requestId: string;
  readonly at: Date;
  readonly started: number;
  route?: ApiRoute;
  token?: AuthorizedToken;
  integrationMs?: number;
  integrationError?: string;
  error?: GatewayError;
}

export class HttpApi {
  readonly #definition: ApiDefinition;
  readonly #runtime: RuntimeContext;
  readonly #routes: RouteTable<ApiRoute>;
  readonly #buckets = new Map<ApiRoute, TokenBucket>();

  constructor(definition: ApiDefinition, runtime: RuntimeContext) {
    this.#definition = definition;
    this.#runtime = runtime;
    this.#routes = new RouteTable(definition.routes);
  }

  async handle(request: GatewayRequest): Promise<GatewayResponse> {
    const trace: Trace = {
      requestId: randomBytes(11).toString('base64url'),
      at: new Date(this.#runtime.clock.now()),
      started: performance.now(),
    };
    const answer = await this.#answer(request, trace).catch((error: unknown) => {
      const refused = error instanceof GatewayError ? error : new GatewayError(500, 'Internal Server Error');
      if (refused !== error) this.#runtime.warn('http', 'a request failed in the gateway', { error: messageOf(error) });
      if (refused.reason !== undefined) this.#runtime.log('http', refused.reason, { level: 'warn' });
      trace.error = refused;
      return refusal(refused);
    });
    const { cors } = this.#definition;
    const headers =
      cors && !isPreflight(request.method, request.headers)
        ? withCors(answer.headers, cors, request.headers.origin)
        : answer.headers;
    const response = { ...answer, headers: { ...headers, 'apigw-requestid': trace.requestId } };
    this.#log(request, response, trace);
    this.#definition.measured?.(response.status, performance.now() - trace.started);
    return response;
  }

  async #answer(request: GatewayRequest, trace: Trace): Promise<GatewayResponse> {
    const match = this.#match(request);
    const { cors } = this.#definition;
    if (!match && cors && isPreflight(request.method, request.headers)) {
      return { status: 204, headers: preflightHeaders(cors, request.headers.origin ?? ''), body: Buffer.alloc(0) };
    }
    if (!match) throw new GatewayError(404, 'Not Found');
    const { route } = match;
    trace.route = route;
    if (!this.#bucket(route).take(this.#runtime.clock.now())) throw new GatewayError(429, 'Too Many Requests');
    const token = await route.authorizer?.authorize(request, route.scopes);
    if (token) trace.token = token;
    return this.#integrate(request, match, trace, token);
  }

  #match(request: GatewayRequest): Match<ApiRoute> | undefined {
    const { stage } = this.#definition;
    if (stage === '$default') return this.#routes.match(request.method, request.segments);
    const [first, ...rest] = request.segments;
    return first === stage ? this.#routes.match(request.method, rest) : undefined;
  }

  #bucket(route: ApiRoute): TokenBucket {
    const bucket = this.#buckets.get(route) ?? new TokenBucket(route.limits, this.#runtime.clock.now());
    this.#buckets.set(route, bucket);
    return bucket;
  }

  async #integrate(
    request: GatewayRequest,
    match: Match<ApiRoute>,
    trace: Trace,
    token: AuthorizedToken | undefined,
  ): Promise<GatewayResponse> {
    const { apiId, stage, stageVariables } = this.#definition;
    const { requestId, at } = trace;
    const accountId = this.#runtime.account;
    const event = eventOf(
      request,
      match,
      { accountId, apiId, stage, requestId, at, ...(stageVariables && { stageVariables }) },
      token,
    );
    const started = performance.now();
    const result = await this.#invoke(match.route, JSON.stringify(event), trace);
    trace.integrationMs = Math.round(performance.now() - started);
    if (result.functionError) {
      trace.integrationError = (JSON.parse(result.payload) as { errorMessage?: string }).errorMessage ?? '';
      throw new GatewayError(500, 'Internal Server Error');
    }
    return responseOf(result.payload);
  }

  async #invoke(route: ApiRoute, payload: string, trace: Trace): Promise<InvokeResult> {
    const sourceArn = `arn:aws:execute-api:${this.#runtime.region}:${this.#runtime.account}:${this.#definition.apiId}/${this.#definition.stage}/${sourcePath(route.key)}`;
    const by = { principal: 'apigateway.amazonaws.com', sourceArn };
    const expired = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      trace.integrationError = 'The integration did not answer in time';
      expired.reject(new GatewayError(503, 'Service Unavailable'));
    }, route.timeoutMs);
    try {
      return await Promise.race([this.#runtime.invoke(route.functionArn, payload, { by }), expired.promise]);
    } catch (error) {
      if (!(error instanceof InvokeRefused)) throw error;
      trace.integrationError = error.message;
      if (error.statusCode === 413) throw new GatewayError(413, 'Request Entity Too Large');
      if (error.statusCode === 429) throw new GatewayError(503, 'Service Unavailable');
      throw new GatewayError(500, 'Internal Server Error');
    } finally {
      clearTimeout(timer);
    }
  }

  #log(request: GatewayRequest, response: GatewayResponse, trace: Trace): void {
    const { accessLog, apiId, stage } = this.#definition;
    if (!accessLog) return;
    const host = request.host.replace(/:\d+$/, '');
    const unauthorized = trace.error?.status === 401 || trace.error?.status === 403;
    const record: AccessRecord = {
      accountId: this.#runtime.account,
      apiId,
      stage,
      requestId: trace.requestId,
      extendedRequestId: trace.requestId,
      requestTime: commonLogTime(trace.at),
      requestTimeEpoch: trace.at.getTime(),
      httpMethod: request.method,
      path: request.path,
      protocol: request.protocol,
      domainName: host,
      domainPrefix: host.split('.')[0],
      routeKey: trace.route?.key,
      status: response.status,
      responseLength: response.body.length,
      dataProcessed: request.body.length + response.body.length,
      responseLatency: Math.round(performance.now() - trace.started),
      integrationLatency: trace.integrationMs,
      'integration.latency': trace.integrationMs,
      integrationErrorMessage: trace.integrationError,
      'integration.error': trace.integrationError,
      'error.message': trace.error?.message,
      'error.messageString': trace.error && `"${trace.error.message}"`,
      'authorizer.error': unauthorized ? trace.error?.headers['www-authenticate'] : undefined,
      'identity.sourceIp': request.sourceIp,
      'identity.userAgent': request.headers['user-agent'],
    };
    accessLog.write(accessLine(accessLog.format, record, trace.token?.claims));
  }
}

/** `POST /v1/entries` is `POST/v1/entries` in the ARN of the source, variables and greedy ones as they are declared. */
function sourcePath(key: string): string {
  return key.replace(' ', '').replace(/^ANY/, '*');
}

export function refusal(error: GatewayError): GatewayResponse {
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', ...error.headers },
    body: Buffer.from(JSON.stringify({ message: error.message })),
  };
}
