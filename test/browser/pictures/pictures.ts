/** Which pictures there are: where each is taken, and what has to be there first. */
import type { Page } from 'playwright-core';
import { SHOWN_CASE } from '../../../cli/demo/cases.ts';

export interface Picture {
  /** `docs/pictures/NAME.png`. */
  readonly name: string;
  readonly hash: string;
  /** Seen when everything is there. */
  readonly ready: RegExp;
  readonly prepare?: (page: Page) => Promise<void>;
}

/** As wide as a README shows them on a wide screen, twice over. */
export const SIZE = { width: 1440, height: 900 } as const;

const INCIDENT = new URLSearchParams({
  q: 'context.correlationId:INC-* severity:>=high',
  sort: 'occurredAt',
  order: 'asc',
});

export const PICTURES: readonly Picture[] = [
  {
    name: 'entries',
    hash: `#/entries?${INCIDENT}`,
    ready: /INC-/,
    async prepare(page) {
      await page.getByRole('button', { name: 'Close the list of pages' }).first().click();
      const changed = page.getByRole('row').filter({ hasText: /permission/i });
      await changed.getByRole('link').first().click();
      await page.getByRole('tab').first().waitFor();
      await page.getByRole('tab', { name: 'View changes' }).click();
      await page.evaluate(() => scrollTo(0, 0));
    },
  },
  { name: 'record', hash: `#/record?type=case&id=${SHOWN_CASE}`, ready: /Gaps to scale/ },
];
