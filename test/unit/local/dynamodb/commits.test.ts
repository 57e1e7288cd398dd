// Answers of the local database leave only after their commit.
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
  let inFile: Set<string>;
  let stuck: number;
  let commits: Commits;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'commits-'));
    journal = join(folder, 'db-journal');
    barrier = async () => undefined;
    inFile = new Set(['kept', 'kept too']);
    stuck = 0;
    commits = new Commits({
      journal,
      barrier: () => barrier(),
      recorded: (tokens) => tokens.every((token) => inFile.has(token)),
      stuck: () => (stuck += 1),
    });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('a write leaves when no transaction is open any more', async () => {
    expect(await commits.call('write', async () => answer(200))).toMatchObject({ status: 200 });
  });

  test('a transaction leaves only after a call behind it was answered', async () => {
    const behind = held();
    barrier = behind.send;
    const write = commits.call({ token: 'kept' }, async () => answer(200));
    expect(await state(write)).toBe('waits');
    behind.answer();
    expect(await write).toMatchObject({ status: 200 });
  });

  test('of a transaction that stays open nothing leaves: not the write, not what it refused, not a read beside it', async () => {
    writeFileSync(journal, '');
    const [first, second] = [held(), held(400)];
    const writes = [commits.call({ token: 'kept' }, first.send), commits.call({ token: 'refused' }, second.send)];
    first.answer();
    const read = commits.call('read', async () => answer(200));
    expect(await state(read)).toBe('waits');
    second.answer();
    const outcomes = await Promise.allSettled([...writes, read]);
    expect(outcomes.map((one) => one.status === 'rejected' && one.reason.name)).toEqual(Array(3).fill('NotCommitted'));
    expect(stuck).toBe(1);
  });

  test('of transactions that SQLite rolled back by itself, without a journal left, nothing leaves', async () => {
    const [kept, lost] = [held(), held()];
    const calls = [commits.call({ token: 'kept' }, kept.send), commits.call({ token: 'lost' }, lost.send)];
    lost.answer();
    kept.answer();
    const read = commits.call('read', async () => answer(200));
    const outcomes = await Promise.allSettled([...calls, read]);
    expect(outcomes.map((one) => one.status === 'rejected' && one.reason.name)).toEqual(Array(3).fill('NotCommitted'));
    expect(stuck).toBe(1);
  });

  test('a transaction that fails in the emulator takes it along: its rollback may have failed as well', async () => {
    const [kept, failed] = [held(), held(500)];
    const calls = [commits.call({ token: 'kept' }, kept.send), commits.call({ token: 'failed' }, failed.send)];
    kept.answer();
    failed.answer();
    await expect(calls[0]).rejects.toMatchObject({ name: 'NotCommitted' });
    expect(await calls[1]).toMatchObject({ status: 500 });
    expect(stuck).toBe(1);
  });

  test('tokens are looked for again: a look beside a commit of the emulator itself can miss them', async () => {
    inFile.clear();
    let looks = 0;
    barrier = async () => void (++looks === 2 && inFile.add('kept'));
    expect(await commits.call({ token: 'kept' }, async () => answer(200))).toMatchObject({ status: 200 });
    expect([looks, stuck]).toEqual([2, 0]);
  });

  test('a transaction that was refused has nothing in the file, and takes none along', async () => {
    const [kept, refused] = [held(), held(400)];
    const calls = [commits.call({ token: 'kept' }, kept.send), commits.call({ token: 'refused' }, refused.send)];
    kept.answer();
    refused.answer();
    expect(await Promise.all(calls)).toMatchObject([{ status: 200 }, { status: 400 }]);
    expect(stuck).toBe(0);
  });

  test('a single write is not sent while transactions are under way, nor the other way round', async () => {
    const [transaction, write] = [held(), held()];
    const sent: string[] = [];
    const sending = (name: string, send: () => Promise<Answer>) => () => {
      sent.push(name);
      return send();
    };
    const answers = [
      commits.call({ token: 'kept' }, sending('transaction', transaction.send)),
      commits.call('write', sending('write', write.send)),
    ];
    await turns();
    expect(sent).toEqual(['transaction']);
    transaction.answer();
    await answers[0];
    answers.push(
      commits.call(
        { token: 'kept too' },
        sending('transaction', async () => answer(200)),
      ),
    );
    await turns();
    expect(sent).toEqual(['transaction', 'write']);
    write.answer();
    await Promise.all(answers);
    expect(sent).toEqual(['transaction', 'write', 'transaction']);
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
