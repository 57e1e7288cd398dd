/** The tokens of transactions, in a call and in the file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { areRecorded, withToken } from '../../../../local/dynamodb/tokens.ts';

const body = (input: unknown) => Buffer.from(JSON.stringify(input));
const statements = (...texts: string[]) => ({ TransactStatements: texts.map((Statement) => ({ Statement })) });

describe('the token of a call', () => {
  test('is its own, with its bytes as they are', () => {
    const sent = Buffer.from('{ "ClientRequestToken": "mine", "TransactItems": [] }');
    expect(withToken(sent)).toEqual({ kind: { token: 'mine' }, body: sent });
  });

  test('is a new one each time when it has none', () => {
    const calls = [{ TransactItems: [1] }, { TransactItems: [1], ClientRequestToken: null }].map((input) =>
      withToken(body(input)),
    );
    for (const call of calls) {
      const { ClientRequestToken: token, ...rest } = JSON.parse(call.body.toString('utf8'));
      expect([call.kind, rest]).toEqual([{ token }, { TransactItems: [1] }]);
    }
    expect(calls[0]?.kind).not.toEqual(calls[1]?.kind);
  });

  test('is not there when all that it does is read', () => {
    for (const text of ['SELECT * FROM "T"', ' \n select 1', '-- INSERT\nSELECT 1', '/* a */SELECT 1']) {
      expect(withToken(body(statements(text, text))).kind).toBe('read');
    }
    for (const text of ['INSERT INTO "T" VALUE {}', '-- SELECT\nDELETE FROM "T"', 'EXISTS(SELECT 1)', 'selected']) {
      expect(withToken(body(statements(text))).kind).toEqual({ token: expect.any(String) });
    }
  });
});

describe('the tokens in a file', () => {
  const now = 1_800_000_000_000;
  let folder: string;
  let file: string;
  let database: DatabaseSync;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tokens #?%-'));
    file = join(folder, 'test.db');
    database = new DatabaseSync(file);
    database.exec('CREATE TABLE tr (TransactionId TEXT, CreationDateTime INTEGER, PRIMARY KEY(TransactionId))');
    database.exec(`INSERT INTO tr VALUES ('one', ${now}), ('two', ${now - 600_000}), ('old', ${now - 600_001})`);
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });

  test('are all needed, and an expired one says nothing about a later call', () => {
    expect(areRecorded(file, ['one', 'two'], now)).toBe(true);
    expect(areRecorded(file, ['one', 'other'], now)).toBe(false);
    expect(areRecorded(file, ['old'], now)).toBe(false);
  });

  test('are read without a lock, and do not count before the commit', () => {
    database.exec('BEGIN EXCLUSIVE');
    database.exec(`INSERT INTO tr VALUES ('later', ${now})`);
    expect(areRecorded(file, ['one'], now)).toBe(true);
    expect(areRecorded(file, ['later'], now)).toBe(false);
    database.exec('COMMIT');
    expect(areRecorded(file, ['later'], now)).toBe(true);
  });
});
