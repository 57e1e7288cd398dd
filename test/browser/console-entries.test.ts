/** The page of entries, as an investigator uses it: asking, paging, reading one entry, links, and what goes wrong. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Runtime } from '../e2e/runtime.ts';
import { openBrowser } from './chromium.ts';
import { ENTRIES, HOSTILE, TENANT, trail, visit } from './console.ts';
import { accessibilityFaults, keepScreenshot } from './page.ts';
import { describeInBrowser } from './suite.ts';

const COMPLIANCE = { roles: ['compliance'] };

/** Rows of the table, without its head. */
const rows = (page: Page) => page.getByRole('grid', { name: 'Entries' }).locator('tbody').getByRole('row');
/** What nobody's reading adds to: 64 entries. */
const CASES = '#/entries?q=target.type%3Acase';
const hashOf = (page: Page): string => new URL(page.url()).hash;

describeInBrowser('the page of entries', () => {
  let browser: Browser;
  let runtime: Runtime;
  beforeAll(async () => {
    [browser, runtime] = await Promise.all([openBrowser(), trail()]);
  });
  afterAll(async () => {
    await browser?.close();
    await runtime?.stop();
  });
  const open = async (hash = CASES, person: object = COMPLIANCE, options = {}) => {
    const watched = await visit(browser, runtime.url, { ...COMPLIANCE, ...person, hash }, options);
    await watched.page.getByRole('heading', { name: 'Entries', level: 1 }).waitFor();
    await watched.page.getByText(/(?:entries|entry) on this page/).waitFor();
    return watched;
  };

  test('asks by filters chosen from lists, and says the same as text', async () => {
    const { page, close } = await open('#/entries');
    const filter = page.getByRole('combobox', { name: 'Filter entries' });
    await filter.fill('Acti');
    await page.getByRole('option', { name: 'Action', exact: true }).click();
    await filter.fill('Action = auth.login.f');
    await page.getByRole('option', { name: 'auth.login.failure' }).click();
    await page.getByText('30 entries on this page').waitFor();
    expect(new URLSearchParams(hashOf(page).split('?')[1]).get('q')).toBe('action:"auth.login.failure"');
    await page.getByRole('button', { name: 'Text', exact: true }).click();
    const box = page.getByRole('textbox', { name: 'Query' });
    expect(await box.inputValue()).toBe('action:"auth.login.failure"');
    await box.fill('action:auth.login.failure AND actor.id:u-1');
    await box.press('Enter');
    await page.getByText('6 entries on this page').waitFor();
    await page.getByRole('button', { name: 'Filters', exact: true }).click();
    await page.getByText('Who: id = u-1').waitFor();
    await page.goBack();
    await page.getByText('30 entries on this page').waitFor();
    await close();
  });

  test('marks what can not be read at its column, and keeps the last results', async () => {
    const { page, close } = await open();
    await page.getByRole('button', { name: 'Text', exact: true }).click();
    const box = page.getByRole('textbox', { name: 'Query' });
    await box.fill('actr.id:u-1');
    await page.getByText('At character 1 was expected:').waitFor();
    expect(await page.locator('mark').textContent()).toBe('a');
    expect(await rows(page).count()).toBe(50);
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'console-query-fault');
    await box.fill('severity:hihg');
    await page.getByText('At character 10 was expected:').waitFor();
    await box.fill('/case\\..*/');
    await box.press('Enter');
    await page.getByText(/entries on this page/).waitFor();
    expect(await page.getByRole('button', { name: 'Filters', exact: true }).isDisabled()).toBe(true);
    await close();
  });

  test('pages one after the other and stays in place while entries arrive', async () => {
    const { page, close } = await open();
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByText('Page 2').waitFor();
    await page.getByText('14 entries on this page').waitFor();
    const link = page.url();
    await page.getByRole('button', { name: 'Previous page' }).click();
    await page.getByText('50 entries on this page').waitFor();
    await page.goto(link);
    await page.getByText('14 entries on this page').waitFor();
    await close();
    // Somebody else's cursor is not theirs: they begin at the first page.
    const other = await visit(browser, runtime.url, { roles: ['admin'], subject: 'olga', hash: new URL(link).hash });
    await other.page.getByText(/(?:entries|entry) on this page/).waitFor();
    await other.page.waitForURL((url) => !url.hash.includes('cursor'));
    await other.close([/status of 400/]);
  });

  test('hides the reader’s own reads until they are wanted', async () => {
    const { page, close } = await open('#/entries');
    await page.getByText('Your own reads of the trail are not listed.').waitFor();
    await page.getByRole('button', { name: 'List them' }).click();
    await page.getByText('Your own reads of the trail are listed, where').waitFor();
    await rows(page).filter({ hasText: 'clara' }).first().waitFor();
    await page.goBack();
    await page.getByText('Your own reads of the trail are not listed.').waitFor();
    await rows(page).filter({ hasText: 'clara' }).first().waitFor({ state: 'detached' });
    await close();
  });

  test('shows an entry with all that belongs to it, however hostile', async () => {
    const { page, close } = await open('#/entries?q=actor.id:u-evil');
    await rows(page).first().getByRole('link').click();
    const panel = page.getByRole('region', { name: 'Entry' });
    await panel.getByText(HOSTILE.actor.name).waitFor();
    expect(await panel.getByText('U+202E').count()).toBeGreaterThan(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'console-entry');
    await panel.getByRole('tab', { name: 'View changes' }).click();
    for (const [kind, where] of [
      ['Added', 'added'],
      ['Removed', 'gone'],
      ['Changed', 'nested › deep › 2 › three'],
    ] as const) {
      await panel.getByRole('row', { name: new RegExp(`${kind} ${where}`) }).waitFor();
    }
    await panel.getByRole('button', { name: 'Show all 20000 characters' }).first().click();
    await panel.getByRole('button', { name: 'Show less' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'console-changes');
    await panel.getByRole('tab', { name: 'Connected' }).click();
    await panel.getByText('(this entry)').waitFor();
    await panel.getByText('עדן').first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await panel.getByRole('tab', { name: 'Raw' }).click();
    await panel.getByText('"onBehalfOf"').or(panel.getByText('"u-evil"')).first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
    await close();
  });

  test('opens an entry by its link, and one that is not on the page too', async () => {
    const { page, close } = await open('#/entries?q=actor.id%3Au-1&open=0.63');
    await page.getByRole('region', { name: 'Entry' }).getByText('Value').or(page.getByText('u-evil')).first().waitFor();
    await page.getByRole('button', { name: 'Search for Who: id: u-evil' }).click();
    await page.getByText('No entry was found').waitFor();
    await page.getByRole('button', { name: 'Clear what was asked' }).last().click();
    await page.getByText('50 entries on this page').waitFor();
    await close();
    const missing = await open('#/entries?open=0.999999');
    await missing.page.getByText('There is nothing here for you').waitFor();
    expect(await accessibilityFaults(missing.page)).toEqual([]);
    await missing.close([/status of 404/]);
  });

  test('is used by keyboard alone', async () => {
    const { page, close } = await open();
    // The address is there before the page has followed it, and a key means what the page shows.
    const chosen = (row: number) => rows(page).nth(row).getByRole('radio', { checked: true }).waitFor();
    await page.keyboard.press('j');
    await page.getByRole('region', { name: 'Entry' }).waitFor();
    expect(hashOf(page)).toContain('open=0.63');
    await chosen(0);
    await page.keyboard.press('j');
    await page.waitForURL(/open=0\.62/);
    await chosen(1);
    await page.keyboard.press('k');
    await page.waitForURL(/open=0\.63/);
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Filter entries');
    await page.keyboard.type('c-9');
    await page.getByRole('option', { name: /c-9/ }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/c-9/);
    await page.getByText(/(?:entries|entry) on this page/).waitFor();
    await close();
  });

  test('draws 4,000 members and deep nesting without standing still', async () => {
    const { page, close } = await open('#/entries?q=action:case.archived');
    const before = Date.now();
    await rows(page).first().getByRole('link').click();
    await page.getByRole('tab', { name: 'Raw' }).click();
    await page.getByText('"k3999"').waitFor();
    expect(Date.now() - before).toBeLessThan(10_000);
    await close();
  });

  test('writes times in the zone that was chosen, and keeps the choice', async () => {
    const { page, close } = await open(CASES, COMPLIANCE, { timezoneId: 'Asia/Kolkata' });
    const time = () => rows(page).first().getByRole('link').textContent();
    const local = await time();
    await page.getByRole('button', { name: 'UTC', exact: true }).click();
    expect(await time()).not.toBe(local);
    await close();
  });

  test.each<[string, number, object | undefined, string]>([
    ['role', 403, { type: 'urn:indelible:problem:forbidden-role' }, 'Your role may not do this'],
    ['recording', 503, { type: 'urn:indelible:problem:not-recorded' }, 'Nothing was handed out'],
    ['damage', 500, { type: 'urn:indelible:problem:not-intact' }, 'What is stored does not verify'],
    ['throttling', 429, undefined, 'The service is busy'],
    ['network', 0, undefined, 'There is no answer'],
  ])('%s: says what failed, what to do, and the code to quote', async (_, status, problem, title) => {
    const { page, close } = await open();
    const detail = { title: 't', status, detail: 'A detail.', instance: 'urn:indelible:request:req-77' };
    await page.route('**/v1/entries?*', (route) =>
      status === 0
        ? route.abort()
        : route.fulfill({ status, json: problem ? { ...problem, ...detail } : { message: 'm' } }),
    );
    await page.getByRole('button', { name: 'Load again' }).click();
    await page.getByText(title).waitFor();
    if (problem) await page.getByText('req-77').first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await rows(page).count()).toBe(50);
    await close([/Failed to load resource/]);
  });

  test('says what has left the hot window, and what can not be vouched for', async () => {
    const { page, close } = await open();
    const gap = { tenant: TENANT, chain: 0, first: 3, last: 5, reason: 'altered' };
    await page.route('**/v1/entries?*', async (route) => {
      const answer = (await (await route.fetch()).json()) as object;
      const beyond = { from: '2025-01-01T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z' };
      await route.fulfill({ json: { ...answer, complete: false, gaps: [gap], beyond } });
    });
    await page.getByRole('button', { name: 'Load again' }).click();
    await page.getByText('Older entries are in the archive').waitFor();
    await page.getByText('Chain 0, positions 3 to 5: was altered').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await close();
  });

  test('announces new entries and shows them when they are asked for', async () => {
    const { page, close } = await open('#/entries?q=actor.id:u-new');
    await page.getByText('No entry was found').waitFor();
    await page.clock.install();
    await page.reload();
    await page.getByText('No entry was found').waitFor();
    const response = await fetch(`${runtime.url}/v1/entries`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await runtime.token(TENANT)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...ENTRIES[0], actor: { type: 'user', id: 'u-new' } }),
    });
    expect(response.status).toBe(201);
    await page.clock.fastForward(61_000);
    await page.getByText('1 new entry').waitFor();
    await page.getByRole('button', { name: 'Show them' }).click();
    await page.getByText('1 entry on this page').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('New entries are not looked for.').waitFor();
    await close();
  });
});
