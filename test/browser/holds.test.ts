/** Legal holds: applying one after a look at what it covers, and ending one with a reason. */
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

type Hold = Operations['listHolds']['answer']['holds'][number];

function hold(over: Partial<Hold> = {}): Hold {
  return {
    ...{ id: 'h-1', status: 'active', scope: { subject: 'u-17', category: 'payment' } },
    applied: { at: daysAgo(3), by: 'clara', role: 'compliance', reason: 'Suit 17-204' },
    ...over,
  };
}

const ASKED_FOR = { at: daysAgo(1), by: 'clara', role: 'compliance', reason: 'Settled' } as const;

const CATALOG: Operations['readCatalog']['answer'] = {
  ...{ strict: false, actions: [] },
  categories: [
    { name: 'payment', labels: ['Payment Events'], severity: 'medium', retention: 'P7Y' },
    { name: 'session', labels: [], severity: 'medium', retention: 'P2Y' },
    { name: 'legal_hold', labels: [], severity: 'high', retention: 'permanent' },
  ],
};

const FOUND = {
  entries: Array.from({ length: 12 }, (_, i) =>
    foundEntry({ description: i === 0 ? '<b>bold</b>\u200b' : `Entry ${i}` }, i),
  ),
  ...{ cursor: null, complete: true, gaps: [], range: { from: null, to: null } },
};

/** An API that keeps what is done to it. */
function holdsApi(...first: Hold[]) {
  const holds = [...first];
  return {
    holds,
    answers: {
      ...{ readCatalog: CATALOG, searchEntries: FOUND },
      listHolds: () => ({ holds }),
      applyHold: ({ body }: AskedOf) => {
        const { reason, scope } = body as Operations['applyHold']['body'];
        const applied = hold({ id: 'h-new', scope, applied: { ...hold().applied, reason, at: daysAgo(0) } });
        holds.push(applied);
        return { hold: applied };
      },
      releaseHold: ({ body }: AskedOf) => {
        const { reason } = body as { reason: string };
        holds[0] = { ...holds[0]!, status: 'released', released: { ...hold().applied, reason } };
        return { hold: holds[0] };
      },
    },
  };
}

async function narrowAndSound(page: Page): Promise<void> {
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
}

describeInBrowser('legal holds', () => {
  let browser: Browser;
  let site: SiteServer;
  beforeAll(async () => {
    [browser, site] = await Promise.all([openBrowser(), serveConsole()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test('one is applied with what was looked at, by keyboard, and is in force', async () => {
    const { answers } = holdsApi();
    const { page, close, asked } = await openConsole(browser, site, { role: 'compliance', at: 'holds', answers });
    await page.getByText('No hold is in force').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Apply a hold' }).press('Enter');
    await page.getByRole('heading', { name: 'Apply a legal hold' }).waitFor();
    const apply = page.getByRole('button', { name: 'Apply a hold' });
    expect(await apply.getAttribute('aria-disabled')).toBe('true');
    await page.getByLabel('Kind of record').fill('case');
    await page.getByLabel('Id of the record').fill('WB-3');
    await page.getByRole('button', { name: 'Look at what it covers' }).press('Enter');
    // Of twelve that the search finds, one is this record.
    await page.getByText('1 entry', { exact: true }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await apply.press('Enter');
    await page.getByText('A hold needs a reason.').waitFor();
    await page.getByLabel('Reason').fill('Matter 9');
    await apply.press('Enter');
    await page.getByText('The hold is in force.', { exact: false }).waitFor();
    const applied = asked.find(({ name }) => name === 'applyHold')!;
    expect(applied.body).toEqual({ reason: 'Matter 9', scope: { target: { type: 'case', id: 'WB-3' } } });
    expect(applied.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    await page.getByRole('link', { name: 'Show these entries' }).waitFor();
    await keepScreenshot(page, 'holds-applied');
    await close();
  });

  test('a preview is void once the scope changes, counts what there is, and shows hostile text as text', async () => {
    const { answers } = holdsApi();
    const { page, close, asked } = await openConsole(browser, site, {
      ...{ role: 'admin', at: 'holds?new=1&subject=ida', answers },
    });
    await page.getByRole('button', { name: 'Look at what it covers' }).click();
    await page.getByText('12 entries', { exact: true }).waitFor();
    await page.getByText('The newest 10 are shown.').waitFor();
    await page.getByText('Counted is what the role Administrator sees.', { exact: false }).waitFor();
    await page.getByText('<b>bold</b>U+200B').waitFor();
    const q = asked.find(({ name }) => name === 'searchEntries')!.query.get('q');
    expect(q).toBe('actor.id:"ida" OR actor.onBehalfOf:"ida" OR target.id:"ida" OR related.id:"ida"');
    await keepScreenshot(page, 'holds-preview');
    await page.getByLabel('Person or thing').fill('omar');
    expect(await page.getByText('12 entries', { exact: true }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Apply a hold' }).getAttribute('aria-disabled')).toBe('true');
    await close();
  });

  test('ending one repeats what may then expire, and asks why', async () => {
    const { answers } = holdsApi(hold());
    const { page, close, asked } = await openConsole(browser, site, {
      role: 'compliance',
      at: 'holds?id=h-1',
      answers,
    });
    await page.getByRole('button', { name: 'End this hold' }).click();
    const dialog = page.getByRole('dialog');
    await dialog
      .getByText(/7 years \(payment\): what was recorded before .* goes at the next daily expiry\./)
      .waitFor();
    expect(await dialog.getByText('session', { exact: false }).count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'holds-release');
    await dialog.getByLabel('Why the hold ends').fill('Settled');
    await dialog.getByRole('button', { name: 'End this hold' }).click();
    await page.getByText('What no other hold covers follows', { exact: false }).waitFor();
    expect(asked.find(({ name }) => name === 'releaseHold')!.body).toEqual({ reason: 'Settled' });
    await close();
  });

  test('who may end it: the office that applied it, and a second person', async () => {
    const requested = hold({ releaseRequested: ASKED_FOR });
    for (const [role, subject, shown, first] of [
      ['admin', 'anna', 'Another office applied this hold', hold()],
      ['compliance', 'clara', 'You have asked for the end of this hold', requested],
      ['compliance', 'dario', 'Confirm the end of this hold', requested],
    ] as const) {
      const { page, close } = await openConsole(browser, site, {
        ...{ role, subject, at: 'holds?id=h-1', answers: holdsApi(first).answers },
      });
      await page.getByText(shown, { exact: false }).waitFor();
      expect(await page.getByRole('button', { name: 'End this hold' }).count()).toBe(0);
      await close();
    }
  });

  test('a refusal, and an answer that can not be had, are said', async () => {
    const refused = await openConsole(browser, site, {
      ...{ role: 'compliance', at: 'holds?id=h-1' },
      answers: { ...holdsApi(hold()).answers, releaseHold: new Refused(409, 'already-released', 'the hold has ended') },
    });
    await refused.page.getByRole('button', { name: 'End this hold' }).click();
    await refused.page.getByLabel('Why the hold ends').fill('Settled');
    await refused.page.getByRole('dialog').getByRole('button', { name: 'End this hold' }).click();
    await refused.page.getByText('Somebody else was first').waitFor();
    expect(await accessibilityFaults(refused.page)).toEqual([]);
    await refused.close([/status of 409/]);
    const failing = await openConsole(browser, site, {
      ...{ role: 'admin', at: 'holds', answers: { listHolds: new Refused(503, 'not-recorded', 'later') } },
    });
    await failing.page.getByText('Nothing was handed out').waitFor();
    expect(await accessibilityFaults(failing.page)).toEqual([]);
    await failing.close([/status of 503/]);
  });

  test('Hindi, dark and narrow; and nobody else has the page', async () => {
    const { page, close } = await openConsole(browser, site, {
      ...{ role: 'admin', at: 'holds', language: 'hi', theme: 'dark', viewport: { width: 360, height: 740 } },
      answers: holdsApi(hold(), hold({ id: 'h-2', scope: {}, releaseRequested: ASKED_FOR })).answers,
    });
    await page.getByText('Suit 17-204').first().waitFor();
    await narrowAndSound(page);
    await keepScreenshot(page, 'holds-hi-dark-360');
    await page.getByRole('button', { name: 'रोक लगाएँ' }).click();
    await page.getByRole('button', { name: 'देखें क्या घेरती है' }).click();
    await page.getByText('12 प्रविष्टियाँ', { exact: true }).waitFor();
    await narrowAndSound(page);
    await keepScreenshot(page, 'holds-new-hi-dark-360');
    await close();
    for (const role of ['investigator', 'auditor', 'operator']) {
      const other = await openConsole(browser, site, { role, at: 'access', answers: {} });
      expect(await other.page.getByRole('link', { name: 'Legal holds' }).count()).toBe(0);
      await other.close();
    }
  });
});
