/** The pages of verifications and checkpoints, as each role and in each language. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { Operations } from '../../console/api/operations.ts';
import { openBrowser } from './chromium.ts';
import { openConsole, REQUEST_ID, Refused, serveConsole } from './console-fixture.ts';
import { foundEntry } from './entry-fixtures.ts';
import { checkpointText, daysAgo, digestPage, KEYS, report, summary } from './evidence-fixtures.ts';
import { accessibilityFaults, keepScreenshot } from './page.ts';
import type { SiteServer } from './site-server.ts';
import { describeInBrowser } from './suite.ts';

const HARMED = summary({
  ...{ id: '20261129T040000000Z-00000002', mode: 'full', startedAt: daysAgo(1.1), verdict: 'altered', findingCount: 3 },
  ...{ firstDigest: 0, lastDigest: 11 },
  entries: { entries: 1_460, bytes: 900_000, intact: 1_457, expired: 0, missing: 1, altered: 2 },
});

const FINDINGS: Operations['readVerification']['answer']['findings'] = [
  {
    ...{ code: 'body-altered', verdict: 'altered', tenant: 'north', chain: 0, first: 41, last: 42 },
    ...{ expected: 'leaf hash 9f2c', found: 'leaf hash 07ab <script>alert(1)</script>\u202e' },
  },
  {
    code: 'segment-missing',
    verdict: 'missing',
    tenant: 'north',
    object: 'entries/tenant=north/x.parquet',
    expected: 'a segment',
    found: 'none',
  },
  {
    code: 'ledger-differs',
    verdict: 'altered',
    tenant: 'north',
    chain: 0,
    first: 0,
    last: 0,
    expected: 'what is sealed',
    found: 'something else',
  },
];

const WAITING = { entries: [], cursor: null, complete: true, gaps: [], range: { from: null, to: null } };

function answers(verifications: ReturnType<typeof summary>[]) {
  return {
    listVerifications: { verifications, next: null },
    readVerification: report({ ...HARMED, findings: FINDINGS, notes: ['the tenant was new'] }),
    listDigests: ({ query }: { query: URLSearchParams }) =>
      digestPage(70, query.has('after') ? Number(query.get('after')) : undefined, Number(query.get('limit'))),
    searchEntries: { ...WAITING, entries: [0, 1, 2].map((position) => foundEntry({}, position)) },
  };
}

const TEXTS = { '/log/keys': KEYS, '/log/checkpoint': checkpointText(new Date('2026-11-30T02:00:05Z')) };

describeInBrowser('verification and checkpoints', () => {
  let browser: Browser;
  let site: SiteServer;
  beforeAll(async () => {
    [browser, site] = await Promise.all([openBrowser(), serveConsole()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test('compliance is told until when everything is intact, and what waits', async () => {
    const { page, close } = await openConsole(browser, site, {
      ...{ role: 'compliance', at: 'verification', texts: TEXTS },
      answers: answers([summary({ lastDigest: 70 }), summary({ id: 'x', mode: 'full', startedAt: daysAgo(3) })]),
    });
    await page.getByText(/Everything recorded until (today|yesterday), .* is intact\./).waitFor();
    await page.getByText(/3 entries that you see wait for the next seal/).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'verification-intact');
    await close();
  });

  test('who may not see entries is told of the check alone, and is asked for nothing else', async () => {
    for (const role of ['auditor', 'operator', 'admin']) {
      const { page, close, asked } = await openConsole(browser, site, {
        ...{ role, at: 'verification', answers: answers([summary()]) },
      });
      await page.getByText(/Everything that was sealed before the check of .* is intact\./).waitFor();
      expect(asked.map(({ name }) => name)).toEqual(['listVerifications']);
      expect(await page.getByRole('link', { name: 'Checkpoints' }).count()).toBe(0);
      await close();
    }
  });

  test('a finding of the last check of everything stands although what was new since is intact', async () => {
    const { page, close } = await openConsole(browser, site, {
      ...{ role: 'compliance', at: 'verification', answers: answers([summary(), HARMED]) },
    });
    await page.getByText(/found evidence that is not what was sealed/).waitFor();
    await page.getByRole('link', { name: 'See what was found' }).click();
    await page.getByText('Organization north · chain 0 · positions 41 to 42').waitFor();
    const [first] = await page.getByRole('listitem').filter({ hasText: 'positions 41 to 42' }).all();
    // Hostile text is text, and what can't be seen is spelled out.
    expect(await first!.textContent()).toContain('<script>alert(1)</script>U+202E');
    const links = await first!.getByRole('link').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    expect(links).toEqual(['40', '41', '43'].map((position) => `#/entries?last=all&open=0.${position}`));
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'verification-finding');
    await page.setViewportSize({ width: 360, height: 740 });
    await keepScreenshot(page, 'verification-finding-360');
    await close();
  });

  test('an auditor sees findings without links to entries', async () => {
    const { page, close } = await openConsole(browser, site, {
      ...{ role: 'auditor', at: 'verification?id=20261129T040000000Z-00000002', answers: answers([HARMED]) },
    });
    await page.getByText('positions 41 to 42').waitFor();
    expect(await page.getByRole('link', { name: 'The entry at this place' }).count()).toBe(0);
    await close();
  });

  test('checks that have stopped, none at all, and an answer that fails are said', async () => {
    const late = await openConsole(browser, site, {
      ...{ role: 'operator', at: 'verification', answers: answers([summary({ startedAt: daysAgo(4) })]) },
    });
    await late.page.getByText('There was no check for more than a day').waitFor();
    await late.close();
    const none = await openConsole(browser, site, { role: 'auditor', at: 'verification', answers: answers([]) });
    await none.page.getByText('Nothing was checked yet').first().waitFor();
    expect(await accessibilityFaults(none.page)).toEqual([]);
    await none.close();
    for (const [status, slug, words] of [
      [500, 'internal', 'Something unexpected happened'],
      [403, 'forbidden-role', 'Your role may not do this'],
      [503, 'unavailable', 'The service is busy'],
    ] as const) {
      const failing = await openConsole(browser, site, {
        ...{
          role: 'auditor',
          at: 'verification',
          answers: { listVerifications: new Refused(status, slug, 'it fails') },
        },
      });
      await failing.page.getByText(words).waitFor();
      await failing.page.getByText(REQUEST_ID).waitFor();
      expect(await accessibilityFaults(failing.page)).toEqual([]);
      await failing.close([/status of/]);
    }
  });

  test('Hindi, dark, and narrow', async () => {
    const { page, close } = await openConsole(browser, site, {
      ...{ role: 'compliance', at: 'verification', language: 'hi', theme: 'dark' },
      ...{ viewport: { width: 360, height: 740 }, answers: answers([summary({ lastDigest: 70 }), HARMED]) },
    });
    await page.getByText('बदला हुआ').first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await keepScreenshot(page, 'verification-hi-dark-360');
    await close();
  });

  test('checkpoints: the newest one, keys with fingerprints, and seals from the newest on', async () => {
    const { page, close } = await openConsole(browser, site, {
      ...{ role: 'compliance', at: 'checkpoints', texts: TEXTS, answers: answers([summary({ lastDigest: 70 })]) },
    });
    await page.getByText('log.example/indelible').first().waitFor();
    await page.getByText('Ed25519', { exact: true }).waitFor();
    // sha256sum of the first line of KEYS, without a line end.
    await page.getByText(/^65b6 4b79 dd3e .* c135 f0fa$/).waitFor();
    const seals = page.getByRole('grid', { name: 'Seals of your organization' });
    await seals.getByRole('row').nth(31).waitFor();
    expect(await seals.getByRole('row').nth(1).textContent()).toMatch(/^70(?:today|yesterday)/);
    await page.getByRole('button', { name: 'Show more' }).click();
    await seals.getByRole('row').nth(40).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'checkpoints');
    await close();
  });

  test('checkpoints before the first seal, and in Hindi on a narrow dark screen', async () => {
    const empty = await openConsole(browser, site, {
      ...{ role: 'compliance', at: 'checkpoints', texts: { '/log/keys': KEYS } },
      answers: { ...answers([]), listDigests: new Refused(409, 'not-sealed', 'nothing is sealed') },
    });
    await empty.page.getByText('Nothing is sealed yet').first().waitFor();
    expect(await accessibilityFaults(empty.page)).toEqual([]);
    await empty.close([/status of/]);
    const narrow = await openConsole(browser, site, {
      ...{ role: 'compliance', at: 'checkpoints', language: 'hi', theme: 'dark', texts: TEXTS },
      ...{ viewport: { width: 360, height: 740 }, answers: answers([summary({ lastDigest: 70 })]) },
    });
    await narrow.page.getByText('मिलाने का फ़िंगरप्रिंट').first().waitFor();
    expect(await accessibilityFaults(narrow.page)).toEqual([]);
    expect(await narrow.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await keepScreenshot(narrow.page, 'checkpoints-hi-dark-360');
    await narrow.close();
  });
});
