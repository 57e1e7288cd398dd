/** Signing in to the console, choosing a role, and leaving. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { Runtime } from '../e2e/runtime.ts';
import { openBrowser } from './chromium.ts';
import { TENANT, trail, visit } from './console.ts';
import { accessibilityFaults, keepScreenshot, openPage } from './page.ts';
import { describeInBrowser } from './suite.ts';

describeInBrowser('signing in to the console', () => {
  let browser: Browser;
  let runtime: Runtime;
  beforeAll(async () => {
    [browser, runtime] = await Promise.all([openBrowser(), trail()]);
  });
  afterAll(async () => {
    await browser?.close();
    await runtime?.stop();
  });

  test('nobody is signed in: one button, in the language of the browser', async () => {
    for (const [locale, name] of [
      ['en-GB', 'Sign in'],
      ['hi-IN', 'साइन इन करें'],
    ] as const) {
      const { page, close } = await openPage(browser, { origin: runtime.url, locale });
      await page.goto(runtime.url);
      await page.getByRole('button', { name }).waitFor();
      expect(await page.getAttribute('html', 'lang')).toBe(locale.slice(0, 2));
      expect(await accessibilityFaults(page)).toEqual([]);
      await keepScreenshot(page, `console-sign-in-${locale}`);
      await close();
    }
  });

  test('somebody with two roles chooses one, sees which is in force, and changes it', async () => {
    const { page, close } = await visit(browser, runtime.url, { roles: ['admin', 'compliance'], hash: '#/access' });
    await page.getByRole('heading', { name: 'Choose a role' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('radio', { name: /Administrator/ }).check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Access', level: 1 }).waitFor();
    expect(page.url()).toBe(`${runtime.url}/#/access`);
    await page.getByRole('button', { name: 'Acting as Administrator' }).click();
    await page.getByRole('menuitemcheckbox', { name: /Compliance/ }).click();
    await page.getByRole('button', { name: 'Acting as Compliance' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Acting as Compliance' }).waitFor();
    await close();
  });

  test('signing out ends the session here and at the issuer', async () => {
    const { page, close } = await visit(browser, runtime.url, { roles: ['compliance'] });
    await page.getByRole('button', { name: `Signed in as clara, organization ${TENANT}` }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Tenant').waitFor();
    await close();
  });

  test('no token, code or verifier is left in storage, cookies that scripts see, or the address', async () => {
    const { page, close } = await visit(browser, runtime.url, { roles: ['compliance'], hash: '#/entries' });
    await page.getByRole('heading', { name: 'Entries' }).waitFor();
    const left = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]),
    );
    expect(left).not.toMatch(/eyJ|code=|verifier/);
    await close();
  });

  test('a session that ended says so, and leads back to the same place', async () => {
    const { page, close } = await visit(browser, runtime.url, { roles: ['compliance'], hash: '#/entries?q=c-1' });
    await page.getByRole('heading', { name: 'Entries' }).waitFor();
    await page.route('**/v1/entries?*', (route) => route.fulfill({ status: 401, body: '{"message":"Unauthorized"}' }));
    await page.route('**/_oidc/token', (route) => route.fulfill({ status: 400, body: '{"error":"invalid_grant"}' }));
    await page.getByRole('button', { name: 'Load again' }).click();
    await page.getByText('Your session has ended').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Entries' }).waitFor();
    expect(page.url()).toBe(`${runtime.url}/#/entries?q=c-1`);
    await close([/status of 40[01]/]);
  });

  test('a forged answer, an issuer that is away, an account without a role: a sentence, never a blank page', async () => {
    const forged = await openPage(browser, { origin: runtime.url });
    await forged.page.goto(`${runtime.url}/?code=forged&state=forged`);
    await forged.page.getByText('You were not signed in').waitFor();
    expect(forged.page.url()).toBe(`${runtime.url}/`);
    await forged.close();
    const away = await openPage(browser, { origin: runtime.url });
    await away.page.route('**/.well-known/**', (route) => route.abort());
    await away.page.goto(runtime.url);
    await away.page.getByRole('button', { name: 'Sign in' }).click();
    await away.page.getByText('The sign-in page can not be reached').waitFor();
    await away.close([/Failed to load resource/]);
    const lost = await openPage(browser, { origin: runtime.url });
    await lost.page.route('**/console-config.json', (route) => route.abort());
    await lost.page.goto(runtime.url);
    await lost.page.getByText('The sign-in page can not be reached').waitFor();
    await lost.page.unrouteAll();
    await lost.page.getByRole('button', { name: 'Try again' }).click();
    await lost.page.getByRole('button', { name: 'Sign in' }).waitFor();
    await lost.close([/Failed to load resource/]);
  });
});
