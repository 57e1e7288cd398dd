/** What of the console is the deployment's own: where people sign in, and which origins its page may ask for that. */
import { CONSOLE_CONFIG_ENV, CONSOLE_CONFIG_PATH, CONSOLE_ORIGINS_ENV } from '../../../names/console.ts';
import { SITE_PATHS } from '../../../names/site.ts';
import { type Environment, requiredText } from '../../shared/environment.ts';
import type { HttpEvent, HttpResponse } from '../shared/http.ts';

type Serve = (event: HttpEvent) => HttpResponse;

const POLICY = 'content-security-policy';
/** As the page is prepared (lib/site/console.ts). */
const OWN_ORIGIN = "connect-src 'self'";

/** A document that anyone may read, each time as it is now. */
const DOCUMENT_HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-cache',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * Serves the console's configuration beside what `serve` does, and adds the issuer's origins to the policy of its page. Throws
 * EnvironmentError where the function was not told of them.
 */
export function serveConsole(environment: Environment, serve: Serve): Serve {
  const config = requiredText(environment, CONSOLE_CONFIG_ENV);
  const origins = (environment[CONSOLE_ORIGINS_ENV] ?? '').split(' ').filter((origin) => origin !== '');
  return (event) => {
    if (event.rawPath === CONSOLE_CONFIG_PATH) return { statusCode: 200, headers: DOCUMENT_HEADERS, body: config };
    const answer = serve(event);
    const policy = answer.headers?.[POLICY];
    if (event.rawPath !== SITE_PATHS.console || typeof policy !== 'string') return answer;
    const wider = policy.replace(OWN_ORIGIN, () => [OWN_ORIGIN, ...origins].join(' '));
    return { ...answer, headers: { ...answer.headers, [POLICY]: wider } };
  };
}
