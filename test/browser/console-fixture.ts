/** The console with an API that answers what a test wants: every state of a page, without a deployment. */
import type { Browser, BrowserContextOptions, Page, Route } from 'playwright-core';
import type { Operations, ROUTES } from '../../console/api/operations.ts';
import { consoleFiles } from '../../lib/site/console.ts';
import { prepareSite } from '../../lib/site/prepare.ts';
import { CONSOLE_CONFIG_PATH, type ConsoleConfig } from '../../names/console.ts';
import { openPage, type WatchedPage } from './page.ts';
import { type SiteServer, serveFiles } from './site-server.ts';

type Name = keyof typeof ROUTES;

/** What an operation was asked. */
export interface AskedOf {
  readonly query: URLSearchParams;
  readonly path: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** Not what was asked for: problem details. */
export class Refused {
  readonly status: number;
  readonly slug: string;
  readonly detail: string;

  constructor(status: number, slug: string, detail: string) {
    this.status = status;
    this.slug = slug;
    this.detail = detail;
  }
}

type Answers = {
  readonly [O in Name]?: Operations[O]['answer'] | Refused | ((asked: AskedOf) => Operations[O]['answer'] | Refused);
};

export interface ConsoleOptions extends BrowserContextOptions {
  readonly role: string;
  readonly subject?: string;
  readonly language?: 'en' | 'hi';
  readonly theme?: 'light' | 'dark';
  /** Behind `#/`. */
  readonly at: string;
  readonly answers: Answers;
  /** Of the digest log, by path. */
  readonly texts?: Readonly<Record<string, string>>;
}

export interface OpenConsole extends WatchedPage {
  /** Operations that were asked, in order, with what they were asked. */
  readonly asked: readonly (AskedOf & { readonly name: Name })[];
}

export const REQUEST_ID = '11111111-2222-4333-8444-555555555555';

export async function serveConsole(): Promise<SiteServer> {
  return serveFiles(prepareSite(consoleFiles()));
}

const TENANT = 'north';

/** Signed in, at a page; nothing was asked of it yet. The caller closes it. */
export async function openConsole(browser: Browser, site: SiteServer, options: ConsoleOptions): Promise<OpenConsole> {
  const { role, subject = 'clara', language = 'en', theme = 'light', at, answers, texts = {}, ...context } = options;
  const watched = await openPage(browser, { origin: site.origin, timezoneId: 'UTC', ...context });
  const { page } = watched;
  const asked: (AskedOf & { name: Name })[] = [];
  await beSignedIn(page, site.origin, { role, subject });
  await page.addInitScript(
    ({ role, preferences }) => {
      sessionStorage.setItem('indelible.was-signed-in', '1');
      sessionStorage.setItem('indelible.role', role);
      localStorage.setItem('indelible.preferences', preferences);
    },
    { role, preferences: JSON.stringify({ language, theme }) },
  );
  for (const [path, text] of Object.entries(texts)) {
    await page.route(`${site.origin}${path}`, (route) => route.fulfill({ contentType: 'text/plain', body: text }));
  }
  const routes = await routesOf();
  await page.route(`${site.origin}/v1/**`, async (route) => answer(route, routes, answers, asked));
  await page.goto(`${site.origin}/#/${at}`);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  return { ...watched, asked };
}

async function routesOf() {
  const { ROUTES } = await import('../../console/api/operations.ts');
  return Object.entries(ROUTES).map(([name, [method, template]]) => ({
    ...{ name: name as Name, method },
    path: new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`),
  }));
}

async function answer(
  route: Route,
  routes: Awaited<ReturnType<typeof routesOf>>,
  answers: Answers,
  asked: (AskedOf & { name: Name })[],
): Promise<void> {
  const request = route.request();
  const { pathname, searchParams } = new URL(request.url());
  const found = routes.find(({ method, path }) => method === request.method() && path.test(pathname));
  if (found === undefined) return route.abort();
  const said = { query: searchParams, path: pathname, body: request.postDataJSON(), headers: request.headers() };
  asked.push({ name: found.name, ...said });
  const wanted: unknown = answers[found.name];
  const given: unknown = typeof wanted === 'function' ? wanted(said) : wanted;
  if (given === undefined) return refuse(route, new Refused(404, 'not-found', `nothing answers ${found.name}`));
  if (given instanceof Refused) return refuse(route, given);
  return route.fulfill({ contentType: 'application/json', body: JSON.stringify(given) });
}

function refuse(route: Route, { status, slug, detail }: Refused): Promise<void> {
  const problem = { type: `urn:indelible:problem:${slug}`, title: slug, status, detail };
  const body = JSON.stringify({ ...problem, instance: `urn:indelible:request:${REQUEST_ID}` });
  return route.fulfill({ status, contentType: 'application/problem+json', body });
}

/** An issuer that knows the reader already: it sends the browser back with a code at once. */
async function beSignedIn(page: Page, origin: string, who: { role: string; subject: string }): Promise<void> {
  const config: ConsoleConfig = {
    ...{ issuer: origin, clientId: 'console', scope: 'openid', token: 'access' },
    claims: { tenant: 'tenant', role: 'role', cases: 'cases' },
  };
  const claims = { tenant: TENANT, role: who.role, sub: who.subject, exp: Math.floor(Date.now() / 1_000) + 3_600 };
  const token = ['e30', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'c2ln'].join('.');
  const json = (value: unknown) => (route: Route) =>
    route.fulfill({ contentType: 'application/json', body: JSON.stringify(value) });
  await page.route(`${origin}${CONSOLE_CONFIG_PATH}`, json(config));
  await page.route(
    `${origin}/.well-known/openid-configuration`,
    json({
      ...{
        issuer: origin,
        authorization_endpoint: `${origin}/issuer/authorize`,
        token_endpoint: `${origin}/issuer/token`,
      },
    }),
  );
  await page.route(`${origin}/issuer/token`, json({ access_token: token, token_type: 'Bearer' }));
  await page.route(`${origin}/issuer/authorize*`, (route) => {
    const asked = new URL(route.request().url()).searchParams;
    const back = new URL(asked.get('redirect_uri') ?? origin);
    back.searchParams.set('code', 'code');
    back.searchParams.set('state', asked.get('state') ?? '');
    return route.fulfill({ status: 302, headers: { location: back.href } });
  });
}
