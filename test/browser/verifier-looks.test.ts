/** The web verifier for everyone: keyboards, screen readers, both languages and themes, small screens; and under the API's own policy. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { siteFiles } from '../../lib/site/site.ts';
import { SITE_PATHS } from '../../names/site.ts';
import { LANGUAGES, type Language } from '../../verifier/texts/catalog.ts';
import { en } from '../../verifier/texts/en.ts';
import { openBrowser } from './chromium.ts';
import { type Case, EvidenceFolder } from './evidence.ts';
import { accessibilityFaults, keepScreenshot, openPage, type PageOptions, type WatchedPage } from './page.ts';
import { type SiteServer, serveFiles } from './site-server.ts';
import { describeInBrowser } from './suite.ts';
import { ask, reportOf, verifyInPage } from './verifier-page.ts';

describeInBrowser('the web verifier, served by the API', () => {
  let browser: Browser;
  let folder: EvidenceFolder;
  let site: SiteServer;
  let good: Case[];
  beforeAll(async () => {
    [browser, site] = [await openBrowser(), await serveFiles(siteFiles())];
    folder = new EvidenceFolder();
    good = await folder.good();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const named = (name: string): Case => good.find((one) => one.name === name)!;

  async function opened(options: PageOptions = {}): Promise<WatchedPage> {
    const watched = await openPage(browser, { origin: site.origin, ...options });
    await watched.page.goto(`${site.origin}${SITE_PATHS.verifier}`);
    return watched;
  }

  test('works under the policy that it is served with, and what it is served as can not be framed', async () => {
    const { page, close } = await opened();
    const answer = await page.request.get(`${site.origin}${SITE_PATHS.verifier}`);
    const served = answer.headers()['content-security-policy'];
    const own = await page.locator('meta[http-equiv]').getAttribute('content');
    expect(served).toBe(`${own}; frame-ancestors 'none'`);
    expect(own).toMatch(/^default-src 'none'/);
    expect(own).not.toMatch(/'unsafe-inline'|'unsafe-eval'|connect-src|http|\*/);
    const asked = named('a bundle');
    expect(await verifyInPage(page, folder, asked)).toBe((await folder.told(asked)).text);
    await close();
  });

  test('can not reach any network, whoever has it try', async () => {
    const { page, close } = await opened();
    const outcomes = await page.evaluate(async (origin) => {
      const reached = (attempt: Promise<unknown>) =>
        attempt.then(
          () => 'reached',
          () => 'refused',
        );
      const image = new Promise((resolve, reject) => {
        Object.assign(new Image(), { onload: resolve, onerror: reject, src: `${origin}/x.png` });
      });
      const worker = new Promise((resolve, reject) => {
        const source = `fetch(${JSON.stringify(origin)}).then(() => postMessage(1), () => postMessage(0))`;
        const made = new Worker(URL.createObjectURL(new Blob([source])));
        made.onmessage = ({ data }) => (data === 1 ? resolve(data) : reject(data));
      });
      return [await reached(fetch(origin)), await reached(image), await reached(worker)];
    }, site.origin);
    expect(outcomes).toEqual(['refused', 'refused', 'refused']);
    // These attempts are the test's own.
    await close([/connect-src/, /img-src/, /Fetch API cannot load/]);
  });

  test('is used by the keyboard alone, from the first key to the downloaded report', async () => {
    const { page, close } = await opened({ acceptDownloads: true });
    const asked = named('a bundle');
    await ask(page, folder, asked);
    const order: string[] = [];
    const focused = () =>
      page.evaluate(() => {
        const { activeElement: one } = document;
        const label =
          one instanceof HTMLInputElement || one instanceof HTMLTextAreaElement ? one.labels?.[0]?.textContent : '';
        return label || one?.textContent || '';
      });
    await page.locator('#language').focus();
    for (let i = 0; i < 12 && order.at(-1) !== en['action.verify']; i++) {
      await page.keyboard.press('Tab');
      order.push(await focused());
    }
    expect(order).toEqual([
      en['file.choose'],
      en['file.folder'],
      en['keys.label'],
      en['keys.choose'],
      en['more.title'],
      en['action.verify'],
    ]);
    await page.keyboard.press('Enter');
    const text = await reportOf(page);
    // What came out is where the reader is now.
    await expect(focused()).resolves.toBe(en['result.title']);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe(en['action.text']);
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(download.suggestedFilename()).toBe('report.txt');
    expect(await readFile(await download.path(), 'utf8')).toBe(text);
    const [second] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: en['action.json'] }).click(),
    ]);
    expect(JSON.parse(await readFile(await second.path(), 'utf8'))).toMatchObject({
      ...{ kind: 'bundle-verification', verdict: 'intact', bundle: asked.file },
      keys: { from: 'given' },
    });
    await close();
  });

  test('says what is lacking, where it is lacking', async () => {
    const { page, close } = await opened();
    const verify = page.getByRole('button', { name: en['action.verify'], exact: true });
    const alert = page.getByRole('alert');
    await verify.click();
    expect(await alert.textContent()).toBe(en['ask.file']);
    for (const name of ['an export in an archive', 'a proof without its entry']) {
      await ask(page, folder, { name, file: named(name).file });
      await verify.click();
      await alert.getByText(en['ask.keys']).waitFor();
    }
    const proof = named('a proof with its entry');
    await ask(page, folder, { ...proof, checkpoint: 'kept.txt' });
    await verify.click();
    await alert.getByText(en['ask.needless']).waitFor();
    await page.getByRole('button', { name: en['more.remove'] }).first().click();
    await verify.click();
    expect(await reportOf(page)).toBe((await folder.told(proof)).text);
    expect(await alert.textContent()).toBe('');
    await close();
  });

  /** Everything on the page that is neither evidence nor in the catalog of its language. */
  async function strayTexts(page: Page, language: Language): Promise<string[]> {
    const said = await page.evaluate(() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const texts: string[] = [document.title];
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        if (node.parentElement?.closest('[data-evidence],script,noscript,textarea') === null)
          texts.push(node.textContent ?? '');
      }
      for (const one of document.querySelectorAll('[aria-label],[title],[placeholder],[alt]')) {
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) texts.push(one.getAttribute(name) ?? '');
      }
      return texts.filter((text) => text.trim() !== '');
    });
    const patterns = Object.values(LANGUAGES[language].texts).map((text) => {
      const literal = text.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      return new RegExp(`^${literal.join('.*')}$`, 'u');
    });
    return said.filter((text) => !patterns.some((pattern) => pattern.test(text)));
  }

  const STATES = [
    'a bundle',
    'a bundle without keys',
    'a proof with another entry',
    'a bundle under keys of another log',
  ];

  describe.each(
    (['en', 'hi'] as const).flatMap((language) =>
      (['light', 'dark'] as const).map((colorScheme) => [language, colorScheme] as const),
    ),
  )('in %s and %s', (language, colorScheme) => {
    test('nothing stands outside of the catalog, axe finds nothing, and nothing is wider than 360 px', async () => {
      const { page, close } = await opened({
        ...{ locale: language === 'hi' ? 'hi-IN' : 'en-GB', colorScheme },
        viewport: { width: 360, height: 800 },
      });
      const looked = async (state: string) => {
        expect([state, await strayTexts(page, language)]).toEqual([state, []]);
        expect([state, await accessibilityFaults(page)]).toEqual([state, []]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
        await keepScreenshot(page, `verify-${language}-${colorScheme}-${state.replaceAll(' ', '-')}`);
      };
      expect(await page.locator('html').getAttribute('lang')).toBe(language);
      await looked('empty');
      for (const name of STATES) {
        // The steps go by English labels; the language is chosen back for looking.
        await page.locator('#language').selectOption('en');
        await verifyInPage(page, folder, named(name));
        await page.locator('#language').selectOption(language);
        await looked(name);
      }
      await close();
    });
  });

  test('every text is in both languages, with the same places to fill', () => {
    const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).toSorted();
    for (const [key, text] of Object.entries(en)) {
      const other = LANGUAGES.hi.texts[key as keyof typeof en];
      expect([key, places(other)]).toEqual([key, places(text)]);
      // Names of units and what is nothing but places are the same in both.
      if (!/^(?:unit\.|file\.one)/.test(key)) expect([key, other]).not.toEqual([key, text]);
    }
  });
});
