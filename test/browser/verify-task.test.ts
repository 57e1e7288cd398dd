/** What the page's worker does, on Node: it says what the command says of all that the tamper bench does to a bundle or an export. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { verifyTask } from '../../verifier/web/verify.ts';
import { type Case, EvidenceFolder } from './evidence.ts';

const folder = new EvidenceFolder();

const fileOf = (name: string): File => new File([readFileSync(folder.path(name))], name);

async function inWorker({ file, keys, checkpoint }: Case): Promise<string> {
  const outcome = await verifyTask(
    {
      ...{ place: file, files: [{ path: file, file: fileOf(file) }], folder: false, now: Date.now() },
      ...(keys === undefined ? {} : { keys: { text: readFileSync(folder.path(keys), 'utf8'), from: keys } }),
      ...(checkpoint === undefined ? {} : { checkpoint: fileOf(checkpoint) }),
    },
    () => undefined,
  );
  return 'text' in outcome ? outcome.text : outcome.kind;
}

test('every mutation of a bundle and of an export has the report of the command', async () => {
  const cases = await folder.tampered();
  expect(cases.length).toBeGreaterThan(150);
  const codes = new Set<number>();
  for (const asked of cases) {
    const { code, text } = await folder.told(asked);
    expect(`${asked.name}: ${await inWorker(asked)}`).toBe(`${asked.name}: ${text}`);
    codes.add(code);
  }
  expect([...codes].sort((a, b) => a - b)).toEqual([0, 10, 11, 12, 13, 14, 15]);
});
