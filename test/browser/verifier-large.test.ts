/** The web verifier on a large file: in memory that does not grow with it, with progress, and to be ended at any moment. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { en } from '../../verifier/texts/en.ts';
import { openBrowser } from './chromium.ts';
import { EvidenceFolder } from './evidence.ts';
import { openPage } from './page.ts';
import { writeStoredBundle } from './stored-bundle.ts';
import { describeInBrowser } from './suite.ts';
import { ask, reportOf, verifierHtml } from './verifier-page.ts';

const LARGE_ENTRIES = 150_000;
const SMALL_ENTRIES = 30_000;

/** What one may take more than the other, which is a fifth of it: when a collector comes to its work is its own affair. */
const MORE_BYTES = 48 * 1024 * 1024;

describeInBrowser('a large bundle in the web verifier', () => {
  let browser: Browser;
  let folder: EvidenceFolder;
  beforeAll(async () => {
    browser = await openBrowser();
    folder = new EvidenceFolder();
    writeFileSync(folder.path('verify.html'), verifierHtml());
    await writeStoredBundle(folder.path('large.zip'), LARGE_ENTRIES);
    await writeStoredBundle(folder.path('small.zip'), SMALL_ENTRIES);
  });
  afterAll(() => browser?.close());

  /** Bytes in memory of the processes that pages run in, the largest of them. */
  async function rendererBytes(): Promise<number> {
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    const pids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
    return Math.max(
      ...pids.map((pid) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024),
    );
  }

  const begin = (page: Page) => page.getByRole('button', { name: en['action.verify'], exact: true }).click();

  /** Verifies one, and answers how much memory its page had beyond what it had before, and what it said meanwhile. */
  async function verified(file: string): Promise<{ bytes: number; done: number[]; report: string }> {
    const { page, close } = await openPage(browser);
    await page.goto(pathToFileURL(folder.path('verify.html')).href);
    await ask(page, folder, { name: '', file });
    const before = await rendererBytes();
    let bytes = 0;
    const done: number[] = [];
    const bar = page.getByRole('progressbar');
    await begin(page);
    let report: string | undefined;
    const reported = reportOf(page).then((text) => {
      report = text;
    });
    while (report === undefined) {
      bytes = Math.max(bytes, (await rendererBytes()) - before);
      const value = await bar.evaluateAll((bars: HTMLProgressElement[]) =>
        bars.map((one) => (one.hidden ? 0 : one.value)),
      );
      if (value[0]! > (done.at(-1) ?? 0)) done.push(value[0]!);
    }
    await reported;
    await close();
    return { bytes, done, report };
  }

  test('takes no more memory than one of a fifth, and says how far it is', async () => {
    expect(statSync(folder.path('large.zip')).size).toBeGreaterThan(100_000_000);
    const small = await verified('small.zip');
    const large = await verified('large.zip');
    expect(large.report).toContain(`${LARGE_ENTRIES} intact`);
    expect(large.bytes - small.bytes).toBeLessThan(MORE_BYTES);
    expect(large.done.length).toBeGreaterThan(3);
    expect(large.done).toEqual(large.done.toSorted((a, b) => a - b));
    expect(large.done.at(-1)).toBeLessThanOrEqual(LARGE_ENTRIES);
  });

  test('can be cancelled, and another verified then', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(pathToFileURL(folder.path('verify.html')).href);
    await ask(page, folder, { name: '', file: 'large.zip' });
    await begin(page);
    await page.getByRole('button', { name: en['action.cancel'] }).click();
    await page.getByText(en['state.cancelled']).waitFor();
    expect(await page.getByRole('region', { name: en['result.report'] }).count()).toBe(0);
    await ask(page, folder, { name: '', file: 'small.zip' });
    await begin(page);
    expect(await reportOf(page)).toContain(`${SMALL_ENTRIES} intact`);
    await close();
  });
});
