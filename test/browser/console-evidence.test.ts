/** From a seal to what an auditor has: verification, checkpoints, a hold and an export, against a runtime, as people do it. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { Runtime } from '../e2e/runtime.ts';
import { openBrowser } from './chromium.ts';
import { ENTRIES, trail, visit } from './console.ts';
import { accessibilityFaults, keepScreenshot } from './page.ts';
import { describeInBrowser } from './suite.ts';

const run = promisify(execFile);
const INDELIBLE = fileURLToPath(new URL('../../bin/indelible.ts', import.meta.url));

describeInBrowser('evidence in the console', () => {
  let browser: Browser;
  let runtime: Runtime;
  const indelible = (...args: string[]) =>
    run(process.execPath, [INDELIBLE, ...args, '--url', runtime.url, '--aws-url', runtime.awsUrl]);
  beforeAll(async () => {
    [browser, runtime] = await Promise.all([openBrowser(), trail()]);
    await indelible('seal');
    await indelible('verify', '--live', '--full');
  });
  afterAll(async () => {
    await browser?.close();
    await runtime?.stop();
  });

  test('what was sealed is intact, and the keys are those of the log', async () => {
    const { page, close } = await visit(browser, runtime.url, { roles: ['compliance'], hash: '#/verification' });
    await page.getByText(/Everything recorded until today, .* is intact\./).waitFor();
    await page.getByRole('grid', { name: 'Checks' }).getByRole('link').first().click();
    await page.getByText('Nothing was found.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'console-verification');
    await page.getByRole('link', { name: 'Checkpoints' }).click();
    const [line] = (await (await fetch(`${runtime.url}/log/keys`)).text()).split('\n');
    const fingerprint = createHash('sha256')
      .update(line!)
      .digest('hex')
      .replace(/.{4}(?=.)/g, '$& ');
    await page.getByText(fingerprint, { exact: true }).waitFor();
    const seals = page.getByRole('grid', { name: 'Seals of your organization' });
    // Until the seals are there, a row says that they are being loaded.
    await seals
      .getByRole('row')
      .filter({ hasText: String(ENTRIES.length) })
      .first()
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await close();
  });

  test('a record is held from its entry, and two people end the hold', async () => {
    const first = await visit(browser, runtime.url, { roles: ['compliance'], hash: '#/entries?open=0.62&last=all' });
    await first.page.getByRole('link', { name: 'Hold this record' }).click();
    await first.page.getByRole('button', { name: 'Look at what it covers' }).click();
    await first.page.getByText(/^\d+ entries$/).waitFor();
    await first.page.getByLabel('Reason').fill('Suit 17-204');
    await first.page.getByRole('button', { name: 'Apply a hold' }).click();
    await first.page.getByText('The hold is in force.', { exact: false }).waitFor();
    await keepScreenshot(first.page, 'console-hold');
    await first.page.getByRole('button', { name: 'End this hold' }).click();
    await first.page.getByText('Kept for ever').waitFor();
    await first.page.getByLabel('Why the hold ends').fill('Settled');
    await first.page.getByRole('dialog').getByRole('button', { name: 'End this hold' }).click();
    await first.page.getByText('The end of the hold was asked for.', { exact: false }).waitFor();
    await first.page.getByText('You have asked for the end of this hold.', { exact: false }).waitFor();
    const link = new URL(first.page.url()).hash;
    await first.close();
    const second = await visit(browser, runtime.url, { roles: ['compliance'], subject: 'dario', hash: link });
    await second.page.getByRole('button', { name: 'Confirm the end of this hold' }).click();
    await second.page.getByLabel('Why the hold ends').fill('Settled, seen');
    await second.page.getByRole('dialog').getByRole('button', { name: 'Confirm the end of this hold' }).click();
    await second.page.getByText('What no other hold covers follows', { exact: false }).waitFor();
    await second.close();
  });

  test('what was found is exported, granted, and downloaded by an auditor who sees nothing else', async () => {
    const link = '#/entries?q=action%3Aauth.login.failure&last=all';
    const { page, close } = await visit(browser, runtime.url, { roles: ['compliance'], hash: link });
    await page.getByRole('link', { name: 'Export these entries' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('30 entries', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Start an export' }).click();
    await page.getByText('It proves that every entry', { exact: false }).waitFor();
    await page.getByLabel('Grant to').fill('ana');
    await page.getByRole('button', { name: 'Grant', exact: true }).click();
    await page.getByRole('listitem').filter({ hasText: 'ana' }).waitFor();
    await close();

    const auditor = await visit(browser, runtime.url, { roles: ['auditor'], subject: 'ana', hash: '#/exports' });
    await auditor.page.getByRole('grid', { name: 'Exports' }).getByRole('link').first().click();
    const [download] = await Promise.all([
      auditor.page.waitForEvent('download'),
      auditor.page.getByRole('button', { name: 'Download: manifest.json' }).click(),
    ]);
    const manifest = JSON.parse(readFileSync((await download.path())!, 'utf8')) as { rows?: number; q?: string };
    expect([download.suggestedFilename(), manifest.rows]).toEqual(['manifest.json', 30]);
    expect(await accessibilityFaults(auditor.page)).toEqual([]);
    await keepScreenshot(auditor.page, 'console-export-auditor');
    // The files are in the store, whose address is another one.
    await auditor.close([/^request beyond the origin: GET .*\/exports\//]);
  });
});
