/** Periods by category. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { Operations } from '../../console/api/operations.ts';
import { CATEGORIES } from '../../core/catalog/categories.ts';
import { openBrowser } from './chromium.ts';
import { openConsole, Refused, serveConsole } from './console-fixture.ts';
import { accessibilityFaults, keepScreenshot } from './page.ts';
import type { SiteServer } from './site-server.ts';
import { describeInBrowser } from './suite.ts';

type Catalog = Operations['readCatalog']['answer'];

function catalog(retention: Readonly<Record<string, string>> = {}): Catalog {
  return {
    strict: false,
    categories: [...CATEGORIES.values()].map(({ name, labels, severity, retention: own }) => ({
      ...{ name, labels: [...labels], severity, retention: retention[name] ?? own },
    })),
    actions: [],
  };
}

describeInBrowser('retention', () => {
  let browser: Browser;
  let site: SiteServer;
  beforeAll(async () => {
    [browser, site] = await Promise.all([openBrowser(), serveConsole()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test('periods, with the preset that they are and what is set otherwise', async () => {
    const { page, close } = await openConsole(browser, site, {
      ...{ role: 'auditor', at: 'retention', answers: { readCatalog: catalog({ error: 'P90D' }) } },
    });
    await page
      .getByText('The periods are nearest to the preset “A mixture of all”; 1 category is set otherwise.')
      .waitFor();
    const row = page.getByRole('row').filter({ has: page.getByText('error', { exact: true }) });
    expect(await row.textContent()).toMatch(/90 days.*Set otherwise/);
    await page.getByText('Kept for ever').first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'retention');
    await close();
  });

  test('Hindi, dark and narrow; and an answer that fails', async () => {
    const options = { language: 'hi', theme: 'dark', viewport: { width: 360, height: 740 } } as const;
    for (const at of ['retention']) {
      const { page, close } = await openConsole(browser, site, {
        ...{ ...options, role: 'operator', at, answers: { readCatalog: catalog() } },
      });
      await page.getByRole('row').nth(5).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      await keepScreenshot(page, `${at}-hi-dark-360`);
      await close();
      const failing = await openConsole(browser, site, {
        ...{ role: 'operator', at, answers: { readCatalog: new Refused(500, 'internal', 'it fails') } },
      });
      await failing.page.getByText('Something unexpected happened').waitFor();
      await failing.close([/status of 500/]);
    }
  });
});
