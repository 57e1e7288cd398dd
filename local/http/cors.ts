/** "Configure CORS for HTTP APIs": preflights are answered here, and integrations' own CORS headers are replaced. */

export interface CorsConfiguration {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAge?: number;
  readonly allowCredentials: boolean;
}

type Headers = Readonly<Record<string, string | readonly string[]>>;

export function isPreflight(method: string, headers: Readonly<Record<string, string>>): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}

export function preflightHeaders(cors: CorsConfiguration, origin: string): Headers {
  const allowed = originHeaders(cors, origin);
  if (!allowed) return {};
  return {
    ...allowed,
    ...(cors.allowMethods.length > 0 && { 'access-control-allow-methods': methods(cors) }),
    ...(cors.allowHeaders.length > 0 && { 'access-control-allow-headers': cors.allowHeaders.join(',').toLowerCase() }),
    ...(cors.maxAge !== undefined && { 'access-control-max-age': String(cors.maxAge) }),
  };
}

/** The headers of an actual answer: without the integration's CORS headers, with the configured ones. */
export function withCors(headers: Headers, cors: CorsConfiguration, origin: string | undefined): Headers {
  const own = Object.entries(headers).filter(([name]) => !name.toLowerCase().startsWith('access-control-'));
  return { ...Object.fromEntries(own), ...(origin === undefined ? {} : originHeaders(cors, origin)) };
}

function originHeaders(cors: CorsConfiguration, origin: string): Headers | undefined {
  const matched = cors.allowOrigins.find((allowed) => matches(allowed, origin));
  if (matched === undefined) return undefined;
  return {
    'access-control-allow-origin': matched === '*' ? '*' : origin,
    ...(matched !== '*' && { vary: 'Origin' }),
    ...(cors.allowCredentials && { 'access-control-allow-credentials': 'true' }),
    ...(cors.exposeHeaders.length > 0 && {
      'access-control-expose-headers': cors.exposeHeaders.join(',').toLowerCase(),
    }),
  };
}

/** `*`, `https://*`, or an origin as it is. */
function matches(allowed: string, origin: string): boolean {
  return allowed.endsWith('*')
    ? origin.startsWith(allowed.slice(0, -1))
    : allowed.toLowerCase() === origin.toLowerCase();
}

function methods(cors: CorsConfiguration): string {
  return cors.allowMethods.includes('*') ? '*' : cors.allowMethods.join(',');
}
