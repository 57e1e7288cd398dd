/** The web verifier says what the command says, of what is as it should be and of everything that is not. */
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { ExportDraft, makeExports } from '../../bench/tamper/exports.ts';
import { formatVerifierKey } from '../../core/note/key.ts';
import { en } from '../../verifier/texts/en.ts';
import { packed } from '../support/bundling.ts';
import { LOG_KEYS } from '../support/proofs.ts';
import { openBrowser } from './chromium.ts';
import { type Case, EvidenceFolder } from './evidence.ts';
import { openPage, type WatchedPage } from './page.ts';
import { describeInBrowser } from './suite.ts';
import { verifierHtml, verifyInPage } from './verifier-page.ts';

describeInBrowser('the web verifier, opened from a file', () => {
  let browser: Browser;
  let folder: EvidenceFolder;
  let address: string;
  beforeAll(async () => {
    browser = await openBrowser();
    folder = new EvidenceFolder();
    writeFileSync(folder.path('verify.html'), verifierHtml());
    address = pathToFileURL(folder.path('verify.html')).href;
  });
  afterAll(() => browser?.close());

  const opened = async (): Promise<WatchedPage> => {
    const watched = await openPage(browser);
    await watched.page.goto(address);
    return watched;
  };

  /** Each by itself, in a page that has nothing of the one before. */
  async function compared(asked: Case): Promise<[page: string, command: string, code: number]> {
    const { page, close } = await opened();
    const report = await verifyInPage(page, folder, asked);
    await close();
    const { code, text } = await folder.told(asked);
    return [report, text, code];
  }

  test('reports what the command reports of bundles, exports and proofs', async () => {
    const codes: Record<string, number> = {};
    for (const asked of await folder.good()) {
      const [report, text, code] = await compared(asked);
      expect(report).toBe(text);
      codes[asked.name] = code;
    }
    expect(codes).toEqual({
      'a bundle': 0,
      'a bundle with a checkpoint that was kept': 0,
      'a bundle without keys': 0,
      'a bundle between an expiry and its seal': 15,
      'a bundle under keys of another log': 14,
      'an export in a folder': 0,
      'an export in an archive': 0,
      'a proof with its entry': 0,
      'a proof with its entry as the API answers it': 0,
      'a proof with another entry': 10,
      'a proof without its entry': 13,
      'a proof of another position': 10,
      'a proof under keys of another log': 14,
    });
  });

  test('reports what the command reports of what the tamper bench does, one after the other in one page', async () => {
    const cases = await folder.tampered(2);
    const { page, close } = await opened();
    for (const asked of cases) {
      const report = await verifyInPage(page, folder, asked);
      expect(`${asked.name}: ${report}`).toBe(`${asked.name}: ${(await folder.told(asked)).text}`);
    }
    await close();
  });

  test.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['text', 'no archive at all\n'],
    ['the beginning of an archive', Buffer.from('504b0304140000000000', 'hex')],
    ['zeros', Buffer.alloc(100_000)],
    ['a document that is no proof', '{"kind":"something else"}'],
    ['a brace', '{'],
    ['deep nesting', '{"a":'.repeat(50_000)],
    ['more than a proof can be', `{"a":"${'x'.repeat(3_000_000)}"}`],
  ])('%s is refused in a sentence, which is the command’s', async (_, bytes) => {
    const asked = {
      ...{ name: '', file: folder.write('garbage.bin', bytes) },
      keys: folder.writeKeys('garbage-keys.txt', LOG_KEYS),
    };
    const [report, text, code] = await compared(asked);
    expect(report).toBe(text);
    expect(code).toBe(14);
    expect(report).toMatch(/^garbage\.bin is refused.*\n$/);
  });

  test.each<[string, string | Buffer]>([
    ['text', 'these are no keys\n'],
    ['one of two', LOG_KEYS.slice(0, 1).map(formatVerifierKey).join('\n')],
  ])('keys that are %s are refused in a sentence, which is the command’s', async (_, bytes) => {
    const file = folder.write('empty.zip', Buffer.from('504b0506000000000000000000000000000000000000', 'hex'));
    const [report, text, code] = await compared({ name: '', file, keys: folder.write('bad-keys.txt', bytes) });
    expect([report, code]).toEqual([text, 14]);
  });

  test('names that would be markup, or turn the text around, are shown as what they are', async () => {
    const name = '<img src=x onerror=document.title=1>\u202egpj.zip';
    const file = folder.write(name, 'no archive');
    const { page, close } = await opened();
    const report = await verifyInPage(page, folder, { name, file });
    expect(report).toContain('<img src=x onerror=document.title=1>\\u202egpj.zip is refused');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe(en['page.title']);
    await close();
  });

  test('what the evidence says, of 60 kB and with markup, is shown as text', async () => {
    const evil = `<img src=x onerror=document.title=1>\u202e${'x'.repeat(60_000)}`;
    const { table } = await makeExports();
    const draft = new ExportDraft(table.files).manifest((manifest) => {
      manifest.createdBy = evil;
    });
    const file = folder.write('evil.zip', await packed(draft.files));
    const [report, text] = await compared({ name: '', file, keys: folder.writeKeys('evil-keys.txt', table.keys) });
    expect(report).toBe(text);
    expect(report).toContain(evil.replace('\u202e', '\\u202e'));
  });
});
