/** Every page of the console, for every role and in every language, theme and width. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { POLICY, ROLE_ORDER } from '../../core/access/policy.ts';
import type { Runtime } from '../e2e/runtime.ts';
import { openBrowser } from './chromium.ts';
import { trail, visit } from './console.ts';
import { accessibilityFaults, keepScreenshot } from './page.ts';
import { describeInBrowser } from './suite.ts';

const NAMES = {
  en: {
    home: 'Home',
    entries: 'Entries',
    retention: 'Retention',
    catalog: 'Catalog',
    access: 'Access',
    sees: /you see:/,
    nowhere: 'There is no such page for you',
  },
  hi: {
    home: 'मुख्य पृष्ठ',
    entries: 'प्रविष्टियाँ',
    retention: 'रखने की अवधि',
    catalog: 'कार्य-सूची',
    access: 'पहुँच',
    sees: /आप यह देखते हैं/,
    nowhere: 'आपके लिए ऐसा कोई पृष्ठ नहीं है',
  },
} as const;
const LOCALES = { en: 'en-GB', hi: 'hi-IN' } as const;

describeInBrowser('the pages of the console', () => {
  let browser: Browser;
  let runtime: Runtime;
  beforeAll(async () => {
    [browser, runtime] = await Promise.all([openBrowser(), trail()]);
  });
  afterAll(async () => {
    await browser?.close();
    await runtime?.stop();
  });

  const cases = ROLE_ORDER.flatMap((role) => (['en', 'hi'] as const).map((language) => [role, language] as const));
  test.each(cases)('as %s, in %s', async (role, language) => {
    const names = NAMES[language];
    const { page, close } = await visit(
      ...([browser, runtime.url, { roles: [role], subject: `s-${role}`, cases: 'c-1' }] as const),
      { locale: LOCALES[language] },
    );
    const searches = (POLICY[role].operations as readonly string[]).includes('searchEntries');
    const first = role === 'writer' ? names.retention : names.home;
    await page.getByRole('heading', { name: first, level: 1 }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    if (searches) {
      await page.getByRole('link', { name: names.entries, exact: true }).click();
      await page.getByRole('grid', { name: names.entries }).getByRole('row').nth(1).waitFor();
      expect(await page.getByText(names.sees).count()).toBe(POLICY[role].reads === 'everything' ? 0 : 1);
    }
    expect(await accessibilityFaults(page)).toEqual([]);
    for (const name of [names.retention, names.catalog, names.access]) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { name, level: 1 }).waitFor();
      await page.getByRole('table').first().waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
    }
    if (!searches) {
      await page.goto(`${runtime.url}/#/entries`);
      await page.getByRole('heading', { name: names.nowhere }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
    }
    // Last, since the layout takes the picture's size for a window's, and closes its navigation.
    await page.goto(`${runtime.url}/#/`);
    await page.getByRole('heading', { name: first, level: 1 }).waitFor();
    await keepScreenshot(page, `console-${role}-${language}`);
    await close();
  });

  const looks = [360, 1_280, 3_840].flatMap((width) =>
    (['light', 'dark'] as const).map((theme) => [width, theme] as const),
  );
  test.each(looks)('%d pixels wide, %s', async (width, theme) => {
    const { page, close } = await visit(
      ...([browser, runtime.url, { roles: ['compliance'], hash: '#/entries?open=0.62' }] as const),
      { viewport: { width, height: 900 }, colorScheme: theme, locale: 'hi-IN' },
    );
    await page.getByRole('region', { name: 'प्रविष्टि', exact: true }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    // Nothing but tables scrolls sideways.
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await keepScreenshot(page, `console-${width}-${theme}`);
    await close();
  });
});
