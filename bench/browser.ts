// Measures the web verifier in a browser, beside the command on the same bundle.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { verifierFiles } from '../lib/site/verifier.ts';
import { SITE_PATHS } from '../names/site.ts';
import { findChromium, openBrowser } from '../test/browser/chromium.ts';
import { en } from '../verifier/texts/en.ts';
import { writeBenchBundle } from './bundle-maker.ts';

const ENTRIES = 200_000;

/** Of each measurement: the machine does other things too. */
const ROUNDS = 3;

/** A bundle verified by the page and by the command in one file, each from its start to its report. */
export async function benchBrowser(): Promise<void> {
  if (findChromium() === undefined) {
    console.log('\nThe web verifier: not measured, found no Chromium');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'indelible-bench-'));
  try {
    const files = new Map(verifierFiles().map(({ path, bytes }) => [path, bytes]));
    writeFileSync(join(folder, 'verify.html'), files.get(SITE_PATHS.verifier)!);
    writeFileSync(join(folder, 'indelible-verify.mjs'), files.get(SITE_PATHS.command)!);
    const bundle = join(folder, 'bundle.zip');
    const { bytes } = await writeBenchBundle(bundle, ENTRIES);
    const packed = statSync(bundle).size;
    console.log(
      `\nThe verifiers that are handed out, a bundle of ${ENTRIES} entries, ${mb(bytes)} MB, ${mb(packed)} packed`,
    );
    const rows: [string, number][] = [
      ['the command of one file, all cores', await least(async () => inCommand(folder, bundle))],
      ['the page, in Chromium', await least(() => inPage(folder, bundle))],
    ];
    for (const [name, seconds] of rows) {
      console.log(`  ${name.padEnd(36)}${seconds.toFixed(2)} s, ${mb(bytes / seconds)} MB/s of entries`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const mb = (bytes: number) => Math.round(bytes / 1e6);

async function least(measure: () => Promise<number>): Promise<number> {
  const seconds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) seconds.push(await measure());
  return Math.min(...seconds);
}

function inCommand(folder: string, bundle: string): number {
  const begin = performance.now();
  execFileSync(process.execPath, [join(folder, 'indelible-verify.mjs'), bundle]);
  return (performance.now() - begin) / 1_000;
}

async function inPage(folder: string, bundle: string): Promise<number> {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(join(folder, 'verify.html')).href);
    await page.getByLabel(en['file.choose'], { exact: true }).setInputFiles(bundle);
    const begin = performance.now();
    await page.getByRole('button', { name: en['action.verify'], exact: true }).click();
    await page.getByRole('region', { name: en['result.report'] }).waitFor({ timeout: 0 });
    return (performance.now() - begin) / 1_000;
  } finally {
    await browser.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchBrowser();
