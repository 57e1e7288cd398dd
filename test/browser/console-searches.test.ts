/** Searches that are saved, shared, opened and removed. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { Runtime } from '../e2e/runtime.ts';
import { openBrowser } from './chromium.ts';
import { trail, visit } from './console.ts';
import { accessibilityFaults, keepScreenshot } from './page.ts';
import { describeInBrowser } from './suite.ts';

describeInBrowser('saved searches', () => {
  let browser: Browser;
  let runtime: Runtime;
  beforeAll(async () => {
    [browser, runtime] = await Promise.all([openBrowser(), trail()]);
  });
  afterAll(async () => {
    await browser?.close();
    await runtime?.stop();
  });

  test('are kept under a name, shared with others, and removed by their owner', async () => {
    const clara = await visit(browser, runtime.url, { roles: ['compliance'], hash: '#/searches' });
    await clara.page.getByText('No search has been saved').waitFor();
    expect(await accessibilityFaults(clara.page)).toEqual([]);
    await clara.page.goto(`${runtime.url}/#/entries?q=action%3Aauth.*&last=30d`);
    await clara.page.getByRole('button', { name: 'Save this search' }).click();
    const dialogue = clara.page.getByRole('dialog', { name: 'Save this search' });
    expect(await dialogue.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
    await dialogue.getByRole('textbox', { name: 'Name' }).fill('Sign-ins <b>\u202e');
    await dialogue.getByRole('checkbox').check();
    expect(await accessibilityFaults(clara.page)).toEqual([]);
    await dialogue.getByRole('button', { name: 'Save', exact: true }).click();
    // What can't be seen of a name is spelled out.
    await clara.page.getByText('Saved as: Sign-ins <b>U+202E').waitFor();
    expect(await accessibilityFaults(clara.page)).toEqual([]);

    const dario = await visit(browser, runtime.url, { roles: ['compliance'], subject: 'dario', hash: '#/searches' });
    await dario.page.getByRole('link', { name: /^Sign-ins <b> ?U\+202E/ }).waitFor();
    expect(await dario.page.getByRole('button', { name: /^Remove/ }).count()).toBe(0);
    expect(await accessibilityFaults(dario.page)).toEqual([]);
    await keepScreenshot(dario.page, 'console-searches');
    await dario.page.getByRole('link', { name: /^Sign-ins <b> ?U\+202E/ }).click();
    await dario.page.getByText('30 entries on this page').waitFor();
    await dario.close();

    await clara.page.goto(`${runtime.url}/#/searches`);
    await clara.page.getByRole('button', { name: /^Stop sharing Sign-ins <b>/ }).click();
    await clara.page.getByRole('button', { name: /^Share Sign-ins <b>/ }).waitFor();
    await clara.page.getByRole('button', { name: /^Remove Sign-ins <b>/ }).click();
    const removal = clara.page.getByRole('dialog', { name: 'Remove this search?' });
    await removal.waitFor();
    expect(await accessibilityFaults(clara.page)).toEqual([]);
    await removal.getByRole('button', { name: 'Remove', exact: true }).click();
    await clara.page.getByText('No search has been saved').waitFor();
    await clara.close();
  });

  test('of a range that has no name can not be kept, and it is said which can', async () => {
    const { page, close } = await visit(browser, runtime.url, { roles: ['admin'], hash: '#/entries?last=45m' });
    await page.getByRole('button', { name: 'Save this search' }).click();
    await page.getByText('A search can be saved for the last 24 hours').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await close();
  });
});
