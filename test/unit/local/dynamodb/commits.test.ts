import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Answer } from '../../../../local/dynamodb/client.ts';
import { Commits } from '../../../../local/dynamodb/commits.ts';

const answer = (status: number): Answer => ({ status, headers: {}, body: Buffer.from('{}') });

/** Answers when it is told to. */
function held(status = 200) {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  return { send: () => promise, answer: () => resolve(answer(status)), fail: () => reject(new Error('cut')) };
}

const turns = async () => {
  for (let n = 0; n < 20; n += 1) await Promise.resolve();
};
const state = async (call: Promise<unknown>): Promise<string> => {
  let found = 'waits';
  call.then(
    () => (found = 'answered'),
    (error: Error) => (found = error.name),
  );
  await turns();
  return found;
};

describe('what the emulator answers', () => {
  let folder: string;
  let journal: string;
  let barrier: () => Promise<unknown>;
  let stuck: number;
  let commits: Commits;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'commits-'));
    journal = join(folder, 'db-journal');
    barrier = async () => undefined;
    stuck = 0;
    commits = new Commits({ journal, barrier: () => barrier(), stuck: () => (stuck += 1) });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('a write leaves when no transaction is open any more', async () => {
    expect(await commits.call('write', async () => answer(200))).toMatchObject({ status: 200 });
  });

  test('a transaction leaves only after a call behind it was answered', async () => {
    const behind = held();
    barrier = behind.send;
    const write = commits.call('transaction', async () => answer(200));
    expect(await state(write)).toBe('waits');
    behind.answer();
    expect(await write).toMatchObject({ status: 200 });
  });

  test('of a transaction that stays open nothing leaves: not the write, not what it refused, not a read beside it', async () => {
    writeFileSync(journal, '');
    const [first, second] = [held(), held(400)];
    const writes = [commits.call('transaction', first.send), commits.call('write', second.send)];
    first.answer();
    const read = commits.call('read', async () => answer(200));
    expect(await state(read)).toBe('waits');
    second.answer();
    const outcomes = await Promise.allSettled([...writes, read]);
    expect(outcomes.map((one) => one.status === 'rejected' && one.reason.name)).toEqual(Array(3).fill('NotCommitted'));
    expect(stuck).toBe(1);
  });

  test('a write that was answered waits for those that were sent with it: one that fails takes it along', async () => {
    const [first, second] = [held(), held(500)];
    const writes = [commits.call('write', first.send), commits.call('write', second.send)];
    first.answer();
    expect(await state(writes[0] as Promise<Answer>)).toBe('waits');
    second.answer();
    await expect(writes[0]).rejects.toMatchObject({ name: 'NotCommitted' });
    expect(await writes[1]).toMatchObject({ status: 500 });
    expect(stuck).toBe(0);
    expect(await commits.call('write', async () => answer(200))).toMatchObject({ status: 200 });
  });

  test('a read that began before a failure is not believed after it', async () => {
    const slow = held();
    const read = commits.call('read', slow.send);
    await expect(commits.call('write', () => Promise.reject(new Error('cut')))).rejects.toThrow('cut');
    slow.answer();
    await expect(read).rejects.toMatchObject({ name: 'NotCommitted' });
  });

  test('writes after the first answer of a round are sent in the next one', async () => {
    const [first, second] = [held(), held()];
    const writes = [commits.call('write', first.send), commits.call('write', second.send)];
    first.answer();
    await turns();
    let sent = false;
    const next = commits.call('write', async () => {
      sent = true;
      return answer(200);
    });
    await turns();
    expect(sent).toBe(false);
    second.answer();
    await Promise.all([...writes, next]);
    expect(sent).toBe(true);
  });
});
