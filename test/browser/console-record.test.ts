/** The history of a record, as each role sees it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Runtime } from '../e2e/runtime.ts';
import { openBrowser } from './chromium.ts';
import { trail, visit } from './console.ts';
import { accessibilityFaults, keepScreenshot } from './page.ts';
import { describeInBrowser } from './suite.ts';
import { TOLD, tell } from './told-case.ts';

const CASE_7 = '#/record?type=case&id=case-7';

describeInBrowser('the history of a record', () => {
  let browser: Browser;
  let runtime: Runtime;
  beforeAll(async () => {
    [browser, runtime] = await Promise.all([openBrowser(), trail()]);
    await tell(runtime, TOLD);
    // More than one page of the API holds.
    const seen = Array.from({ length: 205 }, (_, i) => ({
      ...{ action: 'case.viewed', occurredAt: new Date(Date.now() - (300 - i) * 1_000).toISOString() },
      ...{ actor: { type: 'user', id: 'u-8' }, target: { type: 'case', id: 'case-8' } },
    }));
    await tell(runtime, seen);
  });
  afterAll(async () => {
    await browser?.close();
    await runtime?.stop();
  });

  const see = (hash: string, person: object = {}, options: object = {}) =>
    visit(browser, runtime.url, { roles: ['compliance'], hash, ...person }, options);
  const section = (page: Page, name: string) => page.getByRole('heading', { name, level: 2 });

  test('found by its kind and id: deadlines, state, timeline, who and what', async () => {
    const { page, close } = await see('#/record');
    await page.getByText('No record is chosen').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('Kind').fill('case');
    await page.getByLabel('Id', { exact: true }).fill('case-7');
    await page.getByLabel('Id', { exact: true }).press('Enter');
    await section(page, 'Deadlines').waitFor();
    expect(page.url()).toBe(`${runtime.url}/${CASE_7}`);
    const deadlines = page.getByRole('listitem').filter({ hasText: /^(Acknowledgement|Feedback)/ });
    expect(await deadlines.allTextContents()).toEqual([
      expect.stringMatching(/^Acknowledgement[\s\S]*Too late[\s\S]*Met by: .*, Handler 7$/),
      expect.stringMatching(/^Feedback[\s\S]*Missed/),
    ]);
    const state = page.getByRole('table', { name: 'State' });
    expect(await state.getByRole('row', { name: /^status/ }).textContent()).toMatch(/investigating/);
    expect(await state.getByRole('row', { name: /^priority/ }).textContent()).toMatch(
      /low[\s\S]*without an entry\. Before this one it was: high/,
    );
    await page
      .getByText('status: beforenew→ afteracknowledged')
      .or(page.getByText(/status:.*acknowledged/))
      .first()
      .waitFor();
    await page.getByRole('link', { name: 'file Exhibit A.pdf' }).waitFor();
    expect(await page.getByRole('table', { name: 'First and last of everything' }).getByRole('row').count()).toBe(7);
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'record');
    await close();
  });

  test('as of a day, or from one change to the next: the state, and the deadlines as they stood', async () => {
    const { page, close } = await see(CASE_7);
    const state = page.getByRole('table', { name: 'State' });
    await state.waitFor();
    await page.getByRole('button', { name: 'Change before' }).click();
    await page.getByRole('heading', { name: /^As it was on/ }).waitFor();
    expect(await state.getByRole('row', { name: /^status/ }).textContent()).toMatch(/investigating/);
    await page.getByRole('button', { name: 'Change before' }).click();
    await page.getByRole('button', { name: 'Change before' }).click();
    await state.getByRole('row', { name: /^status new/ }).waitFor();
    expect(await page.getByRole('button', { name: 'Change before' }).isDisabled()).toBe(true);
    expect(await page.getByText('Not due yet').count()).toBe(2);
    await page.getByText(/^Here the state is shown/).waitFor();
    await page.goBack();
    await state.getByRole('row', { name: /^status acknowledged/ }).waitFor();
    const day = new Date(Date.now() - 121 * 86_400_000).toISOString().slice(0, 10);
    await page.getByLabel('Show me as of the end of').fill(day);
    await page.getByText('Nothing is known of its state at that time.').waitFor();
    expect(new URL(page.url()).hash).toContain(`at=${day}T`);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'As it is now' }).click();
    await state.getByRole('row', { name: /^status investigating/ }).waitFor();
    await close();
  });

  test('gaps to scale, on request, and in the address', async () => {
    const { page, close } = await see(CASE_7);
    const gap = page.getByRole('listitem').filter({ hasText: /^48 days later$/ });
    await gap.waitFor();
    const before = (await gap.boundingBox())!.height;
    await page.getByRole('checkbox', { name: 'Gaps to scale' }).check();
    expect((await gap.boundingBox())!.height).toBeGreaterThan(4 * before);
    expect(page.url()).toContain('scale=1');
    await page.reload();
    await gap.waitFor();
    expect(await page.getByRole('checkbox', { name: 'Gaps to scale' }).isChecked()).toBe(true);
    await keepScreenshot(page, 'record-scaled');
    await close();
  });

  test('from an entry to its record, to an entry of it, and back', async () => {
    const { page, close } = await see('#/entries?q=target.id%3Acase-7&sort=occurredAt&last=all');
    await page.getByRole('row').filter({ hasText: 'changed the priority' }).getByRole('link').first().click();
    await page.getByRole('link', { name: 'Open the record' }).click();
    await section(page, 'Timeline').waitFor();
    expect(page.url()).toBe(`${runtime.url}/${CASE_7}`);
    await page
      .getByRole('link', { name: /Open: Handler 7 acknowledged/ })
      .first()
      .click();
    await page.getByRole('tab', { name: 'View changes' }).waitFor();
    expect(page.url()).toMatch(/open=\d+\.\d+/);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.goBack();
    await page.getByRole('tab', { name: 'View changes' }).waitFor({ state: 'detached' });
    await close();
  });

  test('page after page of the API, each at request', async () => {
    const { page, close } = await see('#/record?type=case&id=case-8');
    await page.getByText('The first 200 entries are shown; the history goes on.').waitFor();
    await page.getByRole('button', { name: 'Show what came next' }).click();
    await page.getByText('The first 200 entries are shown').waitFor({ state: 'detached' });
    expect(page.url()).toContain('pages=2');
    expect(await page.getByRole('link', { name: /Open: u-8 viewed/ }).count()).toBeGreaterThanOrEqual(205);
    await close();
  });

  test('the reader’s own reads are left out until they are wanted', async () => {
    const { page, close } = await see(CASE_7, { subject: 'cleo' });
    await section(page, 'Timeline').waitFor();
    await page.getByRole('button', { name: 'Load again' }).click();
    await page.getByText(/reads? of the trail by you (?:is|are) not listed\./).waitFor();
    expect(await page.getByText(/^cleo read the history/).count()).toBe(0);
    await page.getByRole('button', { name: 'List them' }).click();
    await page
      .getByText(/^cleo read the history/)
      .first()
      .waitFor();
    expect(page.url()).toContain('own=1');
    await close();
  });

  test('hostile texts are texts, in every part of the page', async () => {
    const { page, close } = await see('#/record?type=case&id=c-1');
    await section(page, 'Timeline').waitFor();
    await page.getByText('<img src=x onerror=').first().waitFor();
    await page.getByText('U+202E').first().waitFor();
    expect(await page.evaluate(() => (globalThis as { pwned?: number }).pwned)).toBeUndefined();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280);
    expect(await accessibilityFaults(page)).toEqual([]);
    await close();
  });

  test('an investigator sees their case, and nothing of another', async () => {
    const { page, close } = await see(CASE_7, { roles: ['investigator'], cases: 'case-7', subject: 'ivy' });
    await section(page, 'Timeline').waitFor();
    await page.getByText('In the role Investigator you see').waitFor();
    await page.goto(`${runtime.url}/#/record?type=case&id=c-1`);
    await page.getByText('Nothing is recorded of it').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await close();
  });

  test('roles that read no entries have no such page', async () => {
    for (const role of ['auditor', 'operator']) {
      const { page, close } = await see(CASE_7, { roles: [role] });
      await page.getByText('There is no such page for you').waitFor();
      expect(await page.getByRole('link', { name: 'Record', exact: true }).count()).toBe(0);
      await close();
    }
  });

  test('a name that no path can hold is searched for instead', async () => {
    const { page, close } = await see('#/record?type=s3%3Aobject&id=a%2Fb');
    const link = page.getByRole('link', { name: 'Search for its entries' });
    await link.waitFor();
    expect(decodeURIComponent((await link.getAttribute('href')) ?? '')).toContain('target.id:"a/b"');
    await close();
  });

  test('what fails is said, whether it is the role, the network or the service', async () => {
    const { page, close } = await see('#/record');
    const history = '**/v1/targets/**';
    const open = (id: string) => page.goto(`${runtime.url}/#/record?type=case&id=${id}`);
    const problem = (status: number, slug: string) => ({
      status,
      contentType: 'application/problem+json',
      body: JSON.stringify({ type: `urn:indelible:problem:${slug}`, title: slug, status, detail: 'said so' }),
    });
    for (const [id, answer, text] of [
      ['f-1', problem(403, 'forbidden-role'), 'Your role may not do this'],
      ['f-2', problem(503, 'not-recorded'), 'Nothing was handed out'],
      ['f-3', problem(410, 'expired'), 'It has expired'],
    ] as const) {
      await page.route(history, (route) => route.fulfill(answer));
      await open(id);
      await page.getByText(text).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.unrouteAll();
    }
    await page.route(history, (route) => route.abort());
    await open('case-7');
    await page.getByText('There is no answer').waitFor();
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Try again' }).click();
    await section(page, 'Timeline').waitFor();
    await close([/status of (?:403|410|503)/, /Failed to load resource/]);
  });

  test('in Hindi, in the dark, on a phone, and on paper', async () => {
    for (const [name, options] of [
      ['record-hi', { locale: 'hi-IN' }],
      ['record-dark', { colorScheme: 'dark' }],
      ['record-360', { viewport: { width: 360, height: 740 } }],
    ] as const) {
      const { page, close } = await see(CASE_7, {}, options);
      await page.getByRole('heading', { name: /^(Timeline|समयरेखा)$/, level: 2 }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([name, wide]).toEqual([name, 0]);
      await keepScreenshot(page, name);
      await close();
    }
    const { page, close } = await see(CASE_7);
    await section(page, 'Timeline').waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('button', { name: 'Print' }).isVisible()).toBe(false);
    expect(await page.getByRole('navigation').first().isVisible()).toBe(false);
    expect(await section(page, 'Timeline').isVisible()).toBe(true);
    await keepScreenshot(page, 'record-print');
    await close();
  });
});
