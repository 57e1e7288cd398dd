// Files that grow and are cut off while they are sent.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EntrySender } from '../../cli/send/entries.ts';
import type { Line } from '../../cli/send/lines.ts';
import { Outcome } from '../../cli/send/outcome.ts';
import { Api } from '../support/api.ts';
import { type HttpApi, serveApi } from '../support/http-api.ts';

/** One sending of a file that has become so long; it may be cut off after some requests, the last of which is recorded. */
const sending = fc.record({
  added: fc.integer({ min: 0, max: 30 }),
  batchSize: fc.integer({ min: 1, max: 40 }),
  cutAfter: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
});

/** Files that have their first lines in common, and the order in which they grow and are sent. */
const histories = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), sending), { minLength: 1, maxLength: 7 });

const COMMON = 3;

function lineOf(file: number, n: number): Line {
  const id = n < COMMON ? `common-${n}` : `${file}-${n}`;
  const text = `{"action":"note.created","actor":{"type":"user","id":"${id}"}}`;
  return { place: `${file}:${n + 1}`, index: n, text, bytesRead: 0 };
}

async function attempt(served: HttpApi, lines: readonly Line[], batchSize: number): Promise<Outcome> {
  const outcome = new Outcome();
  const sender = new EntrySender({ api: served.url, token: 't', outcome, batchSize }, lines[0]!.text);
  await sender.send(lines);
  return outcome;
}

test('however a file grows, is parted and is cut off, each of its lines is recorded once', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const api = new Api();
      const served = await serveApi(api);
      const lengths = [COMMON + 1, COMMON + 1, COMMON + 1];
      try {
        for (const [file, { added, batchSize, cutAfter }] of history) {
          lengths[file]! += added;
          const lines = Array.from({ length: lengths[file]! }, (_, n) => lineOf(file, n));
          if (cutAfter !== undefined) {
            served.breakAfter(cutAfter);
            await attempt(served, lines, batchSize).catch(() => undefined);
            served.breakAfter(Number.POSITIVE_INFINITY);
          }
          const { accepted, repeated } = await attempt(served, lines, batchSize);
          expect(accepted + repeated).toBe(lines.length);
        }
      } finally {
        await served.stop();
      }
      const recorded = api.entries().map(({ actor }) => actor.id as string);
      const own = recorded.filter((id) => !id.startsWith('common'));
      expect(new Set(own).size).toBe(own.length);
      const files = [...new Set(history.map(([file]) => file))];
      const wanted = files.flatMap((file) =>
        Array.from({ length: lengths[file]! - COMMON }, (_, n) => `${file}-${n + COMMON}`),
      );
      expect(own.toSorted()).toEqual(wanted.toSorted());
    }),
    { numRuns: 25 },
  );
});
