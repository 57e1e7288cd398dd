/** `npm run screenshots`: makes the pictures that the README opens with, of the demo in a local runtime. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Runtime, startRuntime } from '../../e2e/runtime.ts';
import { openBrowser } from '../chromium.ts';
import { visit } from '../console.ts';
import { PICTURES, type Picture, SIZE } from './pictures.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FOLDER = join(ROOT, 'docs/pictures');
const TENANT = 'demo';

mkdirSync(FOLDER, { recursive: true });
const runtime = await startRuntime();
try {
  fill(runtime);
  const browser = await openBrowser();
  try {
    for (const picture of PICTURES) await take(picture);
  } finally {
    await browser.close();
  }

  /** Size, zone, locale, theme and what moves are fixed; the days of the demo are those before today. */
  async function take({ name, hash, ready, prepare }: Picture): Promise<void> {
    const person = { roles: ['compliance'], tenant: TENANT, subject: 'reader', hash };
    const { page, close } = await visit(browser, runtime.url, person, {
      ...{ viewport: SIZE, deviceScaleFactor: 1, colorScheme: 'light', reducedMotion: 'reduce' },
      ...{ locale: 'en-GB', timezoneId: 'UTC' },
    });
    await page.getByText(ready).first().waitFor();
    await prepare?.(page);
    // What the mouse is over looks different.
    await page.mouse.move(0, 0);
    const path = join(FOLDER, `${name}.png`);
    await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    await close();
    console.log(`${path}: ${statSync(path).size} bytes`);
  }
} finally {
  await runtime.stop();
}

function fill({ url, awsUrl }: Runtime): void {
  const command = [join(ROOT, 'bin/indelible.ts'), 'demo', '--tenant', TENANT, '--url', url, '--aws-url', awsUrl];
  execFileSync(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] });
}
