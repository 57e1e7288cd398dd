/** A runtime with a trail that has something of everything, and people who look at it with a browser. */
import type { Browser, Page } from 'playwright-core';
import { type Runtime, startRuntime } from '../e2e/runtime.ts';
import { openPage, type PageOptions, type WatchedPage } from './page.ts';

export const TENANT = 'acme';

/** What a reader's eyes, a parser, a layout or a screen reader could be led astray by. */
export const HOSTILE = {
  action: 'case.updated',
  category: 'case',
  actor: { type: 'user', id: 'u-evil', name: '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>' },
  target: { type: 'case', id: 'c-1', name: 'invoice\u202efdp.exe \u200bhidden' },
  description: `{{7*7}} \${7*7} </script><svg onload=alert(1)> ${'long '.repeat(300)}`,
  source: { ip: '203.0.113.7', userAgent: '\'"><iframe src=javascript:alert(1)>' },
  change: {
    before: { note: 'x'.repeat(20_000), nested: { deep: [1, 2, { three: 'old' }] }, gone: true },
    after: { note: 'y'.repeat(20_000), nested: { deep: [1, 2, { three: '\u202enew' }] }, added: { a: null } },
  },
  context: { correlationId: 'cor-1', sessionId: 's-1', requestId: 'r-1', channel: 'ui' },
} as const;

const RIGHT_TO_LEFT = {
  action: 'case.viewed',
  actor: { type: 'user', id: 'u-2', name: 'עדן כהן' },
  target: { type: 'case', id: 'c-1', name: 'ملف رقم ١٢', reference: 'REF-1' },
  context: { correlationId: 'cor-1', sessionId: 's-1' },
} as const;

const DEEP = Array.from({ length: 28 }).reduce<unknown>((inner, _) => ({ in: inner }), 'bottom');
const MANY = Object.fromEntries(Array.from({ length: 4_000 }, (_, i) => [`k${i}`, i]));

export const ENTRIES: readonly object[] = [
  ...Array.from({ length: 60 }, (_, i) => ({
    action: i % 2 === 0 ? 'case.viewed' : 'auth.login.failure',
    actor: { type: 'user', id: `u-${i % 5}`, name: `Reader ${i % 5}`, role: 'staff' },
    target: { type: 'case', id: `c-${i % 7}` },
    source: { ip: `198.51.100.${i}` },
  })),
  {
    action: 'case.created',
    category: 'case',
    actor: { type: 'system' },
    target: { type: 'case', id: 'c-1' },
    metadata: { deep: DEEP },
  },
  {
    action: 'case.archived',
    category: 'case',
    actor: { type: 'system' },
    target: { type: 'case', id: 'c-9' },
    metadata: MANY,
  },
  RIGHT_TO_LEFT,
  HOSTILE,
];

/** A runtime whose tenant has these entries. The caller stops it. */
export async function trail(): Promise<Runtime> {
  // With a second reviewer, readers see what they themselves did, too.
  const runtime = await startRuntime({ config: { tenants: { [TENANT]: { reviewers: ['dario'] } } } });
  try {
    await record(runtime);
  } catch (error) {
    await runtime.stop();
    throw error;
  }
  return runtime;
}

async function record({ url, token }: Runtime): Promise<void> {
  const response = await fetch(`${url}/v1/entries`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await token(TENANT)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ entries: ENTRIES }),
  });
  if (response.status !== 201) {
    throw new Error(`got ${response.status} ${await response.text()}, want the entries recorded`);
  }
}

export interface Person {
  readonly roles: readonly string[];
  /** The one that `trail` fills, unless said. */
  readonly tenant?: string;
  readonly subject?: string;
  readonly cases?: string;
  /** Where the link that they follow leads, such as `#/entries?q=x`. */
  readonly hash?: string;
}

/** Somebody signs in by the local issuer's page, and is where their link leads. */
async function signIn(
  page: Page,
  origin: string,
  { roles, tenant = TENANT, subject = 'clara', cases = '', hash = '' }: Person,
): Promise<void> {
  await page.goto(`${origin}/${hash}`);
  await page.getByRole('button', { name: /Sign in|साइन इन करें/ }).click();
  await page.getByLabel('Tenant').fill(tenant);
  await page.getByLabel('User').fill(subject);
  await page.getByLabel('Cases').fill(cases);
  for (const box of await page.getByRole('checkbox').all()) {
    await box.setChecked(roles.includes((await box.getAttribute('value')) ?? ''));
  }
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('banner').or(page.getByRole('main')).first().waitFor();
}

/** A page on which somebody has signed in. */
export async function visit(
  browser: Browser,
  origin: string,
  person: Person,
  options: PageOptions = {},
): Promise<WatchedPage> {
  const watched = await openPage(browser, {
    origin,
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    ...options,
  });
  await signIn(watched.page, origin, person);
  return watched;
}
