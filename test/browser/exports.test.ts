/** Exports: a new one after a look at it, its progress, its files, and who may have it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Operations } from '../../console/api/operations.ts';
import { openBrowser } from './chromium.ts';
import { type AskedOf, openConsole, Refused, serveConsole } from './console-fixture.ts';
import { foundEntry } from './entry-fixtures.ts';
import { daysAgo } from './evidence-fixtures.ts';
import { accessibilityFaults, keepScreenshot } from './page.ts';
import type { SiteServer } from './site-server.ts';
import { describeInBrowser } from './suite.ts';

type Export = Operations['listExports']['answer']['exports'][number];

const FILES = ['export-0001.csv', 'manifest.json', 'evidence-0001.ndjson', 'proof.json'].map((name, i) => ({
  ...{ name, rows: i === 1 ? 0 : 12, bytes: 2_300_000, sha256: 'ab'.repeat(32) },
}));

function job(over: Partial<Export> = {}): Export {
  return {
    ...{ id: 'e-1', status: 'succeeded', q: 'category:case', from: daysAgo(30), to: daysAgo(0), order: 'desc' },
    ...{ format: 'csv', fields: null, createdAt: daysAgo(0.01), createdBy: 'clara', endedAt: daysAgo(0) },
    ...{
      expiresAt: daysAgo(-7),
      rows: 12,
      sealed: 9,
      grants: [],
      files: FILES,
      reason: null,
      complete: true,
      gaps: [],
      verifier: { page: '/verify', command: '/indelible-verify.mjs', sums: '/verifiers.sha256' },
    },
    verifier: { page: '/verify', command: '/indelible-verify.mjs', sums: '/verifiers.sha256' },
    ...over,
  };
}

const FOUND = {
  entries: Array.from({ length: 12 }, (_, i) => foundEntry({ description: `Entry ${i}` }, i)),
  ...{ cursor: null, complete: true, gaps: [], range: { from: null, to: null } },
};

const list = (...exports: Export[]) => ({ listExports: { exports, next: null } });

async function narrowAndSound(page: Page): Promise<void> {
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
}

describeInBrowser('exports', () => {
  let browser: Browser;
  let site: SiteServer;
  beforeAll(async () => {
    [browser, site] = await Promise.all([openBrowser(), serveConsole()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test('one is started after a look at it, and its progress is seen until it is done', async () => {
    let running: Export | undefined;
    const { page, close, asked } = await openConsole(browser, site, {
      ...{ role: 'investigator', subject: 'iris', at: 'exports' },
      answers: {
        searchEntries: FOUND,
        listExports: () => {
          if (running !== undefined && running.status !== 'succeeded') {
            running = running.rows < 6 ? { ...running, status: 'running', rows: 6 } : job({ id: 'e-2' });
          }
          return { exports: running === undefined ? [] : [running], next: null };
        },
        startExport: () => {
          running = job({ id: 'e-2', status: 'queued', rows: 0, files: [], sealed: null, complete: false });
          return running;
        },
      },
    });
    await page.getByText('There is no export').waitFor();
    await page.getByRole('button', { name: 'Start an export' }).click();
    await page.getByRole('heading', { name: 'What to export' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page
      .getByRole('radio', { name: 'Text' })
      .or(page.getByRole('button', { name: 'Text', exact: true }))
      .click();
    await page.getByLabel('Query').fill('category:case');
    await page.getByLabel('Query').press('Enter');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('option', { name: /Who: id/ }).click();
    await page.keyboard.press('Escape');
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'exports-form');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('12 entries', { exact: true }).waitFor();
    expect(asked.some(({ name }) => name === 'startExport')).toBe(false);
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'exports-check');
    await page.getByRole('button', { name: 'Start an export' }).click();
    await page.getByRole('progressbar', { name: 'Progress' }).waitFor();
    await page
      .getByText(/6 entries written\. About .* left\./)
      .first()
      .waitFor();
    await keepScreenshot(page, 'exports-running');
    await page.getByText('It proves that every entry', { exact: false }).waitFor();
    const started = asked.find(({ name }) => name === 'startExport')!;
    expect(started.body).toEqual({ q: 'category:case', order: 'desc', format: 'xlsx', fields: ['actor.id'] });
    expect(started.query.get('role')).toBe('investigator');
    // Looking how far it is hands out no address, and so is no download.
    expect(asked.some(({ name }) => name === 'readExport')).toBe(false);
    await close();
  });

  test('a file is downloaded by an address that was asked for then, and the name is said under which it is recorded', async () => {
    const { page, close, asked } = await openConsole(browser, site, {
      ...{ role: 'auditor', subject: 'ana', at: 'exports?id=e-1' },
      answers: {
        ...list(job({ grants: ['ana'] })),
        readExport: () => job({ files: FILES.map((file) => ({ ...file, url: `${site.origin}/files/${file.name}` })) }),
      },
    });
    await page.getByText('Each download is recorded as yours: ana.', { exact: false }).waitFor();
    await page.getByText('3 of 12 entries were recorded since the last seal', { exact: false }).waitFor();
    expect(await page.getByRole('button', { name: 'Start an export' }).count()).toBe(0);
    expect(await page.getByLabel('Grant to').count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'exports-done');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download: export-0001.csv' }).click(),
    ]);
    expect(download.url()).toBe(`${site.origin}/files/export-0001.csv`);
    expect(asked.filter(({ name }) => name === 'readExport')).toHaveLength(1);
    await close();
  });

  test('compliance grants one to an auditor', async () => {
    const granted = (...grants: string[]) => job({ grants });
    let now = granted();
    const { page, close, asked } = await openConsole(browser, site, {
      ...{ role: 'compliance', at: 'exports?id=e-1' },
      answers: {
        listExports: () => ({ exports: [now], next: null }),
        grantExport: ({ body }: AskedOf) => {
          now = granted((body as { subject: string }).subject);
          return now;
        },
      },
    });
    await page.getByText('Nobody else yet.').waitFor();
    await page.getByLabel('Grant to').fill('ana');
    await page.getByLabel('Grant to').press('Enter');
    await page.getByRole('listitem').filter({ hasText: 'ana' }).waitFor();
    expect(asked.find(({ name }) => name === 'grantExport')!.body).toEqual({ subject: 'ana' });
    expect(await accessibilityFaults(page)).toEqual([]);
    await close();
  });

  test('one that runs can be stopped; one that failed, and a plan without downloads, say why', async () => {
    const running = job({ id: 'e-3', status: 'running', rows: 5, files: [], complete: false });
    const failed = job({ id: 'e-4', status: 'failed', reason: 'nothing was found', files: [], complete: false });
    const stopped = await openConsole(browser, site, {
      ...{ role: 'admin', at: 'exports?id=e-3' },
      answers: { ...list(running, failed), cancelExport: { ...running, status: 'cancelled' } },
    });
    await stopped.page.getByText('How many there will be was not counted.', { exact: false }).waitFor();
    expect(await accessibilityFaults(stopped.page)).toEqual([]);
    await stopped.page.getByRole('button', { name: 'Stop the export' }).click();
    await stopped.page.getByRole('radio', { name: /e-4/ }).click();
    await stopped.page.getByText('nothing was found').waitFor();
    expect(stopped.asked.some(({ name }) => name === 'cancelExport')).toBe(true);
    await stopped.close();
    const limited = await openConsole(browser, site, {
      ...{ role: 'admin', at: 'exports?new=1&last=all&step=2' },
      answers: {
        ...list(),
        searchEntries: FOUND,
        startExport: new Refused(403, 'plan-limit', 'the plan has no downloads'),
      },
    });
    await limited.page.getByText('12 entries', { exact: true }).waitFor();
    await limited.page.getByRole('button', { name: 'Start an export' }).click();
    await limited.page.getByText('the plan has no downloads').waitFor();
    expect(await accessibilityFaults(limited.page)).toEqual([]);
    await limited.close([/status of 403/]);
  });

  test('Hindi, dark and narrow; an auditor who was granted nothing; an operator who has no such page', async () => {
    const { page, close } = await openConsole(browser, site, {
      ...{ role: 'compliance', at: 'exports', language: 'hi', theme: 'dark', viewport: { width: 360, height: 740 } },
      answers: { ...list(job(), job({ id: 'e-5', complete: false })), searchEntries: FOUND },
    });
    await page.getByText('पूरा', { exact: true }).first().waitFor();
    await narrowAndSound(page);
    await keepScreenshot(page, 'exports-hi-dark-360');
    await page.getByRole('button', { name: 'निर्यात शुरू करें' }).click();
    await page.getByRole('button', { name: 'आगे' }).click();
    await page.getByRole('button', { name: 'आगे' }).click();
    await page.getByText('12 प्रविष्टियाँ', { exact: true }).waitFor();
    await narrowAndSound(page);
    await keepScreenshot(page, 'exports-check-hi-dark-360');
    await close();
    const none = await openConsole(browser, site, { role: 'auditor', at: 'exports', answers: list() });
    await none.page.getByText('Compliance grants exports to you.', { exact: false }).waitFor();
    await none.close();
    const operator = await openConsole(browser, site, { role: 'operator', at: 'exports', answers: {} });
    await operator.page.getByText('There is no such page for you').waitFor();
    await operator.close();
  });
});
