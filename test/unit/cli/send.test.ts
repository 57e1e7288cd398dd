// What `indelible send` makes of files: those that grew, lists, faults.
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { EXIT } from '../../../cli/exit.ts';
import { classify } from '../../../cli/send/classify.ts';
import { Api } from '../../support/api.ts';
import { run } from '../../support/command-line.ts';
import { type HttpApi, serveApi } from '../../support/http-api.ts';

let api: Api;
let served: HttpApi;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-send-'));
  api = new Api({ limits: { batchBytes: 40_000 } });
  served = await serveApi(api);
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await served.stop();
});

const line = (n: number | string) => `{"action":"note.created","actor":{"type":"user","id":"u${n}"}}\n`;
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => line(from + n)).join('');

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}

async function send(...args: string[]): Promise<string> {
  const { out, err } = await run('send', ...args, '--url', served.url.href, '--token', 't');
  expect(err).toBe('');
  // The functions log on standard output, which is this process's.
  return out.split('\n').find((one) => one.startsWith('accepted'))!;
}

/** Who acted, in the order of the chain. */
const recorded = () => api.entries().map(({ actor }) => actor.id as string);
const users = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `u${from + n}`);

test('a file that grew adds what was appended, however often it grows', async () => {
  const path = file('grows.ndjson', lines(0, 50));
  expect(await send(path)).toBe('accepted 50, refused 0');
  appendFileSync(path, lines(50, 60));
  expect(await send(path)).toBe('accepted 10, already recorded 50, refused 0');
  appendFileSync(path, lines(60, 61));
  expect(await send(path)).toBe('accepted 1, already recorded 60, refused 0');
  expect(await send(path)).toBe('accepted 0, already recorded 61, refused 0');
  expect(recorded()).toEqual(users(0, 61));
});

test('so does one of several parts, with another size of batches, under another name, packed', async () => {
  const path = file('large.ndjson', lines(0, 730));
  expect(await send(path, '--batch', '70')).toBe('accepted 730, refused 0');
  expect(await send(file('large.gz', lines(0, 1_100)), '--batch', '500')).toBe(
    'accepted 370, already recorded 730, refused 0',
  );
  expect(await send(file('other.ndjson', lines(0, 1_100)), '--batch', '1')).toBe(
    'accepted 0, already recorded 1100, refused 0',
  );
  expect(recorded().toSorted()).toEqual(users(0, 1_100).toSorted());
});

test('two files with the same line are one entry, and the count says so', async () => {
  expect(await send(file('a.ndjson', line(1)), file('b.ndjson', line(1)))).toBe(
    'accepted 1, already recorded 1, refused 0',
  );
  expect(recorded()).toEqual(['u1']);
});

test('the same line twice in a file is two entries', async () => {
  expect(await send(file('a.ndjson', line(1) + line(1)))).toBe('accepted 2, refused 0');
});

test('files that begin with the same lines and go on differently are both recorded, and both may grow', async () => {
  const first = file('first.ndjson', line('start') + lines(0, 30));
  const second = file('second.ndjson', line('start') + lines(100, 120));
  expect(await send(first)).toBe('accepted 31, refused 0');
  expect(await send(second)).toBe('accepted 21, refused 0');
  appendFileSync(second, lines(120, 150));
  appendFileSync(first, lines(30, 40));
  expect(await send(second)).toBe('accepted 30, already recorded 21, refused 0');
  expect(await send(first)).toBe('accepted 10, already recorded 31, refused 0');
  expect(await send(first, second)).toBe('accepted 0, already recorded 92, refused 0');
});

test('a line that was refused and is corrected is added alone', async () => {
  const wrong = '{"action":"note.created","actor":{"type":"robot"}}\n';
  const path = file('wrong.ndjson', [lines(0, 7), wrong, lines(8, 20), '{"action":\n', lines(21, 30)].join(''));
  expect(await send(path)).toBe('accepted 28, refused 2');
  file('wrong.ndjson', lines(0, 30));
  expect(await send(path)).toBe('accepted 2, already recorded 28, refused 0');
  expect(recorded().toSorted()).toEqual(users(0, 30).toSorted());
});

test('more corrected lines than a few in a row are to be sent as a file of their own, and the summary says so', async () => {
  const wrong = '{"action":"note.created","actor":{"type":"robot"}}\n';
  const path = file('many-wrong.ndjson', [lines(0, 3), wrong.repeat(6), lines(9, 12)].join(''));
  const { out } = await run('send', path, '--url', served.url.href, '--token', 't');
  expect(out).toContain('accepted 6, refused 6\n');
  expect(out).toContain('send it as a file of its own');
  expect(await send(path)).toBe('accepted 0, already recorded 6, refused 6');
  expect(await send(file('corrected.ndjson', lines(3, 9)))).toBe('accepted 6, refused 0');
  expect(recorded().toSorted()).toEqual(users(0, 12).toSorted());
  const { out: fine } = await run('send', file('fine.ndjson', line('x')), '--url', served.url.href, '--token', 't');
  expect(fine).not.toContain('file of its own');
});

test('batches that are too large are halved, and known again when the file has grown', async () => {
  const wide = (n: number) => line(`${n}-${'x'.repeat(1_900)}`);
  const many = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => wide(from + n)).join('');
  const path = file('wide.ndjson', many(0, 25));
  expect(await send(path)).toBe('accepted 25, refused 0');
  appendFileSync(path, many(25, 41));
  expect(await send(path)).toBe('accepted 16, already recorded 25, refused 0');
  expect(recorded()).toHaveLength(41);
});

test('lists of entries are taken as they come, plain or packed', async () => {
  const items = lines(0, 3).trimEnd().split('\n');
  expect(await send(file('list.json', `[${items.join(',\n')}]`))).toBe('accepted 3, refused 0');
  expect(await send(file('list.json.gz', JSON.stringify({ entries: items.map((one) => JSON.parse(one)) })))).toBe(
    'accepted 0, already recorded 3, refused 0',
  );
});

test('whose a file is has to be said', async () => {
  const entries = file('a.ndjson', line(1));
  const nobody = await run('send', entries, '--url', served.url.href);
  expect([nobody.code, nobody.err]).toEqual([
    EXIT.usage,
    expect.stringContaining('send needs --tenant, e.g. --tenant acme'),
  ]);
  const record = {
    eventVersion: '1.08',
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    eventTime: '2026-01-02T03:04:05Z',
  };
  const trail = file('trail.json', JSON.stringify({ Records: [record] }));
  const unnamed = await run('send', trail, '--url', served.url.href, '--token', 't');
  expect([unnamed.code, unnamed.err]).toEqual([
    EXIT.usage,
    `indelible: ${trail}#/Records/0 is a record of CloudTrail; say whose it is with --tenant\n`,
  ]);
});

test('an Insights record is one of CloudTrail though it names no call at its top', () => {
  const insight = {
    eventVersion: '1.08',
    eventType: 'AwsCloudTrailInsight',
    eventTime: '2026-01-02T03:04:05Z',
    insightDetails: { state: 'Start' },
  };
  expect(classify(JSON.stringify(insight))).toEqual({ kind: 'cloudtrail' });
  expect(classify(JSON.stringify({ ...insight, eventType: 'other' }))).toEqual({ kind: 'entry' });
});
