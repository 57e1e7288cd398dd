/** The first page, as each role sees it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Answer } from '../../console/api/client.ts';
import type { Runtime } from '../e2e/runtime.ts';
import { openBrowser } from './chromium.ts';
import { trail, visit } from './console.ts';
import { accessibilityFaults, keepScreenshot } from './page.ts';
import { describeInBrowser } from './suite.ts';

const BLOCKS = ['Is the trail intact?', 'Work in progress', 'What you last looked for'];

const CHECK: Answer<'listVerifications'>['verifications'][number] = {
  ...{ id: 'v-1', mode: 'full', startedAt: new Date(Date.now() - 3_600_000).toISOString(), verdict: 'intact', seal: 3 },
  ...{ firstDigest: 0, lastDigest: 3, findingCount: 0 },
  entries: { entries: 9, bytes: 9, intact: 9, expired: 0, missing: 0, altered: 0 },
};

const EXPORT: Answer<'listExports'>['exports'][number] = {
  ...{
    id: 'e-1',
    status: 'succeeded',
    q: 'severity:critical',
    from: '',
    to: '',
    order: 'desc',
    format: 'csv',
    fields: null,
  },
  ...{ createdAt: new Date(Date.now() - 60_000).toISOString(), createdBy: 'clara', endedAt: new Date().toISOString() },
  ...{ expiresAt: '', rows: 12, sealed: null, grants: [], files: [], reason: null, complete: true, gaps: [] },
  verifier: { page: '/verify', command: '/indelible-verify.mjs', sums: '/verifiers.sha256' },
};

const QUERY: Answer<'listQueries'>['queries'][number] = {
  ...{
    id: 'q-1',
    status: 'running',
    q: '<b>"old"</b>',
    from: '',
    to: '',
    order: 'desc',
    limit: 10,
    endedAt: null,
    expiresAt: '',
  },
  ...{ createdAt: new Date().toISOString(), progress: { slicesDone: 1, slices: 4, scannedBytes: 0, found: 2 } },
  ...{ planted: { count: 0, first: [] }, reason: null },
};

describeInBrowser('the first page of the console', () => {
  let browser: Browser;
  let runtime: Runtime;
  beforeAll(async () => {
    [browser, runtime] = await Promise.all([openBrowser(), trail()]);
  });
  afterAll(async () => {
    await browser?.close();
    await runtime?.stop();
  });

  const see = (person: object = {}, options: object = {}) =>
    visit(browser, runtime.url, { roles: ['compliance'], ...person }, options);
  const home = (page: Page) => page.getByRole('heading', { name: 'Home', level: 1 });
  const blocks = (page: Page) => page.getByRole('heading', { level: 2 }).allTextContents();
  const given = (page: Page, path: string, json: object) => page.route(path, (route) => route.fulfill({ json }));

  test.each([
    ['compliance', BLOCKS],
    ['admin', BLOCKS],
    ['investigator', BLOCKS.slice(1)],
    ['auditor', BLOCKS.slice(0, 2)],
    ['operator', BLOCKS.slice(0, 1)],
  ])('%s: the blocks that the role may read, and no request that it may not make', async (role, expected) => {
    const { page, close } = await see({ roles: [role], cases: 'c-1' });
    await home(page).waitFor();
    expect(page.url()).toBe(`${runtime.url}/`);
    expect((await blocks(page)).filter((name) => BLOCKS.includes(name))).toEqual(expected);
    await page.getByText(role === 'investigator' ? 'Nothing is running' : 'Nothing was checked yet').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await close();
  });

  test('a writer, for whom there is nothing here, begins elsewhere', async () => {
    const { page, close } = await see({ roles: ['writer'] });
    await page.getByRole('heading', { name: 'Retention', level: 1 }).waitFor();
    expect(await page.getByRole('link', { name: 'Home' }).count()).toBe(0);
    await close();
  });

  test('the trail in words, and jobs with their progress', async () => {
    const { page, close } = await see({ hash: '#/access' });
    await page.getByRole('heading', { name: 'Access', level: 1 }).waitFor();
    await given(page, '**/v1/verifications?*', { verifications: [CHECK], next: null });
    await given(page, '**/v1/exports?*', {
      exports: [EXPORT, { ...EXPORT, id: 'e-2', createdBy: 'cleo', q: 'hers' }],
      next: null,
    });
    await given(page, '**/v1/queries?*', { queries: [QUERY], next: null });
    const sealedAt = new Date(Date.now() - 7_200_000).toISOString();
    const digest = JSON.stringify({
      seal: 3,
      sealedAt,
      nextBy: new Date(Date.now() + 60_000).toISOString(),
      chains: [],
    });
    await given(page, '**/v1/digests?*', {
      digests: [{ number: 3, index: 3, digest, proof: [] }],
      seals: [],
      next: null,
    });
    await page.getByRole('link', { name: 'Home' }).click();
    await page.getByText(/^Everything recorded until .* is intact\.$/).waitFor();
    await page.getByText(/^Last seal: .* is in the archive/).waitFor();
    const jobs = page.getByRole('list').filter({ hasText: 'Search of the archive' });
    expect((await jobs.getByRole('listitem').allTextContents()).map((text) => text.slice(0, 60))).toEqual([
      expect.stringMatching(/^Search of the archive.*Running<b>"old"<\/b>/),
      expect.stringMatching(/^Export.*Doneseverity:critical/),
    ]);
    expect(await page.getByRole('progressbar').getAttribute('value')).toBe('25');
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'home');
    await close();
  });

  test('what was altered is said first, and in red', async () => {
    const { page, close } = await see({ hash: '#/access' });
    await page.getByRole('heading', { name: 'Access', level: 1 }).waitFor();
    await given(page, '**/v1/verifications?*', {
      verifications: [CHECK, { ...CHECK, id: 'v-0', verdict: 'altered', findingCount: 1 }].toReversed(),
      next: null,
    });
    await given(page, '**/v1/digests?*', { digests: [], seals: [], next: null });
    await page.getByRole('link', { name: 'Home' }).click();
    await page.getByText(/found evidence that is not what was sealed/).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await close();
  });

  test('what was last looked for: by whom alone, until it is cleared', async () => {
    const { page, close } = await see({ hash: '#/entries?q=actor.id%3Au-1' });
    await page.getByRole('heading', { name: 'Entries' }).waitFor();
    await page.goto(`${runtime.url}/#/record?type=case&id=c-1`);
    await page.getByRole('heading', { name: 'Timeline', level: 2 }).waitFor();
    await page.goto(`${runtime.url}/#/home`);
    await page.getByRole('link', { name: 'Record case c-1' }).waitFor();
    await page.getByRole('link', { name: 'actor.id:u-1' }).click();
    await page.getByRole('heading', { name: 'Entries' }).waitFor();
    expect(new URL(page.url()).hash).toBe('#/entries?q=actor.id%3Au-1');
    await page.goto(`${runtime.url}/#/home`);
    await page.getByRole('button', { name: 'Clear it' }).click();
    await page.getByText('You have not looked for anything here yet').waitFor();
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('u-1');
    await close();
  });

  test('a block that fails says so, and leaves the others alone', async () => {
    const { page, close } = await see({ hash: '#/access' });
    await page.getByRole('heading', { name: 'Access', level: 1 }).waitFor();
    await page.route('**/v1/verifications?*', (route) => route.abort());
    await page.getByRole('link', { name: 'Home' }).click();
    await page.getByText('There is no answer').waitFor();
    await page.getByText('Nothing is running').waitFor();
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Nothing was checked yet').waitFor();
    await close([/Failed to load resource/]);
  });

  test('in Hindi, in the dark, on a phone', async () => {
    for (const [name, options] of [
      ['home-hi', { locale: 'hi-IN' }],
      ['home-dark', { colorScheme: 'dark' }],
      ['home-360', { viewport: { width: 360, height: 740 } }],
    ] as const) {
      const { page, close } = await see({}, options);
      // What appears fades in, and is pale until then.
      await page.getByText(/Nothing was checked yet|अभी तक कोई जाँच नहीं हुई/).waitFor();
      await page.getByText(/Nothing is running|कुछ नहीं चल रहा है/).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([name, wide]).toEqual([name, 0]);
      await keepScreenshot(page, name);
      await close();
    }
  });
});
