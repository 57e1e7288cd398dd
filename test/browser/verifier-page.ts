/** The web verifier, driven as a reader drives it: by roles and labels. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { verifierFiles } from '../../lib/site/verifier.ts';
import { SITE_PATHS } from '../../names/site.ts';
import { en } from '../../verifier/texts/en.ts';
import type { Case, EvidenceFolder } from './evidence.ts';

/** The page's bytes. */
export function verifierHtml(): Uint8Array {
  return verifierFiles().find(({ path }) => path === SITE_PATHS.verifier)!.bytes;
}

/** Hands the files of a case to the page and has it verified. What it shows in the end is the report. */
export async function verifyInPage(page: Page, folder: EvidenceFolder, asked: Case): Promise<string> {
  await ask(page, folder, asked);
  await page.getByRole('button', { name: en['action.verify'], exact: true }).click();
  return reportOf(page);
}

export async function ask(page: Page, folder: EvidenceFolder, { file, keys, checkpoint, entry }: Case): Promise<void> {
  const input = page.getByLabel(file.includes('.') ? en['file.choose'] : en['file.folder'], { exact: true });
  await input.setInputFiles(folder.path(file));
  const field = page.getByLabel(en['keys.label'], { exact: true });
  await field.fill('');
  if (keys !== undefined) {
    await page.getByLabel(en['keys.choose'], { exact: true }).setInputFiles(folder.path(keys));
    await page.waitForFunction(
      (text) => document.querySelector('textarea')?.value === text,
      readFileSync(folder.path(keys), 'utf8'),
    );
  }
  await page.locator('details').evaluate((one: HTMLDetailsElement) => {
    one.open = true;
  });
  // What an earlier case was held against.
  const remove = page.getByRole('button', { name: en['more.remove'], exact: true });
  while ((await remove.count()) > 0) await remove.first().click();
  const hand = (key: 'more.checkpoint' | 'more.entry', name: string) =>
    page.getByLabel(en[key], { exact: true }).setInputFiles(folder.path(name));
  if (checkpoint !== undefined) await hand('more.checkpoint', checkpoint);
  if (entry !== undefined) await hand('more.entry', entry);
  await page.locator('details').evaluate((one: HTMLDetailsElement) => {
    one.open = false;
  });
}

export async function reportOf(page: Page): Promise<string> {
  const report = page.getByRole('region', { name: en['result.report'] });
  await report.waitFor();
  return (await report.textContent()) ?? '';
}
