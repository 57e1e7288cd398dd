/** The harness sees what it is there to see: a page that does what it must not fails its test. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { prepareSite } from '../../lib/site/prepare.ts';
import { openBrowser } from './chromium.ts';
import { accessibilityFaults, keepScreenshot, openPage } from './page.ts';
import { type SiteServer, serveFiles } from './site-server.ts';
import { describeInBrowser } from './suite.ts';

const page = (path: string, body: string, head = '') => ({
  ...{ path, type: 'text/html; charset=utf-8' },
  bytes: new TextEncoder().encode(
    `<!doctype html><html lang="en"><head><title>t</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`,
  ),
});

const GOOD = '<main><h1>All is well</h1></main>';

describeInBrowser('the browser harness', () => {
  let browser: Browser;
  let site: SiteServer;
  beforeAll(async () => {
    browser = await openBrowser();
    site = await serveFiles(
      prepareSite([
        { ...page('/good', GOOD), policy: { 'img-src': ['data:'] } },
        { ...page('/inline', `${GOOD}<script>document.title = 'ran'</script>`), policy: { 'img-src': ['data:'] } },
        {
          ...page('/beyond', `${GOOD}<img alt="" src="http://127.0.0.1:9/x.png">`),
          policy: { 'img-src': ['data:', 'http://127.0.0.1:9'] },
        },
        { ...page('/nameless', '<main><h1>An image</h1><img src="data:,"></main>'), policy: { 'img-src': ['data:'] } },
      ]),
    );
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  async function visit(path: string): Promise<{ faults: readonly string[]; axe: string[]; title: string }> {
    const watched = await openPage(browser, { origin: site.origin });
    await watched.page.goto(`${site.origin}${path}`);
    const seen = { axe: await accessibilityFaults(watched.page), title: await watched.page.title() };
    await watched.close([/./]);
    return { ...seen, faults: watched.faults };
  }

  test('a page that does nothing wrong', async () => {
    expect(await visit('/good')).toEqual({ faults: [], axe: [], title: 't' });
  });

  test('a script that its policy does not name does not run, and is reported', async () => {
    const { faults, title } = await visit('/inline');
    expect(title).toBe('t');
    expect(faults).toContainEqual(expect.stringMatching(/^policy: script-src-elem forbids inline/));
  });

  test('a request beyond the origin is reported', async () => {
    const { faults } = await visit('/beyond');
    expect(faults).toContainEqual('request beyond the origin: GET http://127.0.0.1:9/x.png');
  });

  test('what a reader without eyes would miss is reported', async () => {
    const { axe } = await visit('/nameless');
    expect(axe).toEqual([expect.stringMatching(/^image-alt: /)]);
  });

  test('what a page looks like is kept', async () => {
    const { page, close } = await openPage(browser, { origin: site.origin, viewport: { width: 360, height: 640 } });
    await page.goto(`${site.origin}/good`);
    const bytes = readFileSync(await keepScreenshot(page, 'harness'));
    // Width and height are in a PNG's first chunk.
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([360, 640]);
    await close();
  });

  test('closing fails for what was not expected, and for nothing else', async () => {
    for (const [path, expected, fails] of [
      ['/inline', [], true],
      ['/inline', [/script-src|Content Security Policy/], false],
      ['/good', [], false],
    ] as const) {
      const watched = await openPage(browser, { origin: site.origin });
      await watched.page.goto(`${site.origin}${path}`);
      const outcome = watched.close(expected).then(
        () => false,
        () => true,
      );
      expect(await outcome).toBe(fails);
    }
  });
});
