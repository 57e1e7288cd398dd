/** The browser that the tests drive: Chromium from the PATH, or where Debian puts it. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin'];

/** Undefined where there is none. */
export function findChromium(): string | undefined {
  const paths = FOLDERS.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export interface BrowserOptions {
  readonly args?: readonly string[];
}

/** A browser without a window; the caller closes it. Throws Error where there is none. */
export async function openBrowser({ args = [] }: BrowserOptions = {}): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(`found none of ${NAMES.join(', ')} on the PATH`);
  // Chromium's own sandbox refuses to run as root, which a container's tests do.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  // Debian's /dev/shm may be 64 MB in a container, and a page's memory then ends there.
  return chromium.launch({ executablePath, args: [...asRoot, '--disable-dev-shm-usage', ...args] });
}
