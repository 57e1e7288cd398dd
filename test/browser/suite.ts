// Suites that need a browser.
import { describe } from '@jest/globals';
import { findChromium } from './chromium.ts';

/** Set where no test may be passed over: `.ci/run` installs Chromium. */
const DEMANDED = 'INDELIBLE_DEMAND_BROWSER';

/** As `describe`; where there is no Chromium it is skipped, which its name says, or fails where one is demanded. */
export function describeInBrowser(name: string, suite: () => void): void {
  if (findChromium() !== undefined || process.env[DEMANDED] !== undefined) describe(name, suite);
  else describe.skip(`${name} (skipped: found no Chromium, e.g. apt-get install chromium)`, suite);
}
