/** Pages that are watched: whatever a policy forbids, a script throws, or a page asks of another origin fails the test. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, ConsoleMessage, Page } from 'playwright-core';

export interface WatchedPage {
  readonly page: Page;
  /** What went wrong so far, a line each; nothing where all is well. */
  readonly faults: readonly string[];
  /** Throws where anything went wrong that none of `expected` describes; then closes the page with all it holds. */
  close(expected?: readonly RegExp[]): Promise<void>;
}

export interface PageOptions extends BrowserContextOptions {
  /** The one origin that the page may ask, such as `http://127.0.0.1:8080`. Absent: it may ask nothing, as from a file. */
  readonly origin?: string;
}

/** What needs no network. */
const LOCAL = /^(?:blob|data|about|file):/;

/** A page of a context of its own: no cookie, cache or permission of another test. */
export async function openPage(browser: Browser, { origin, ...options }: PageOptions = {}): Promise<WatchedPage> {
  // Text that fades in has less contrast until it is there.
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  // Jest has the one limit that there is.
  context.setDefaultTimeout(0);
  const faults: string[] = [];
  context.on('request', (request) => {
    const url = request.url();
    if (!LOCAL.test(url) && (origin === undefined || new URL(url).origin !== origin)) {
      faults.push(`request beyond the origin: ${request.method()} ${url}`);
    }
  });
  context.on('console', (message) => {
    const fault = faultOf(message);
    if (fault !== undefined) faults.push(fault);
  });
  context.on('weberror', (error) => faults.push(`script: ${error.error().message}`));
  // Of frames and of documents that are replaced too, before any script of their own.
  await context.exposeFunction('reportViolation', (line: string) => void faults.push(line));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
      const report = (globalThis as unknown as { reportViolation(line: string): void }).reportViolation;
      report(`policy: ${effectiveDirective} forbids ${blockedURI} ${sample}`);
    });
  });
  const page = await context.newPage();
  return {
    page,
    faults,
    async close(expected = []) {
      await context.close();
      const unexpected = faults.filter((fault) => !expected.some((pattern) => pattern.test(fault)));
      if (unexpected.length > 0) throw new Error(`the page did what it must not:\n${unexpected.join('\n')}`);
    },
  };
}

/** A warning is what a browser says of a page that it puts up with. */
function faultOf(message: ConsoleMessage): string | undefined {
  const type = message.type();
  return type === 'error' || type === 'warning' ? `console ${type}: ${message.text()}` : undefined;
}

const SCREENSHOTS = fileURLToPath(new URL('../../.screenshots', import.meta.url));

/** Keeps what the page looks like, whole, as `.screenshots/NAME.png`, for somebody to look at. Answers the file's path. */
export async function keepScreenshot(page: Page, name: string): Promise<string> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const path = join(SCREENSHOTS, `${name}.png`);
  await page.screenshot({ path, fullPage: true, animations: 'disabled' });
  return path;
}

/** WCAG 2.2, levels A and AA, and what axe-core calls good practice. */
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe-core finds wrong with the page as it is now: rule, what it is, and where. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // By the debugger, which no policy of the page concerns.
  await page.evaluate(axe.source);
  return page.evaluate(async (tags) => {
    const injected = (globalThis as unknown as { axe: typeof axe }).axe;
    const { violations } = await injected.run(document, { runOnly: { type: 'tag', values: tags } });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target }) => `${id}: ${help}: ${target.join(' ')}`),
    );
  }, AXE_TAGS);
}
