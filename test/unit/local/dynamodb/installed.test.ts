// Who left DynamoDB Local out because of its licence is told so, in one sentence and not by a stack.
import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { emulatorFolder, NOT_INSTALLED } from '../../../../local/dynamodb/installed.ts';

const failing = (code: string) => () => {
  throw Object.assign(new Error('no'), { code });
};

test('it is found where it is installed', () => {
  expect(existsSync(`${emulatorFolder()}/LICENSE.txt`)).toBe(true);
});

test('one that is not there is none, and anything else that fails is told as it is', () => {
  expect(emulatorFolder(failing('MODULE_NOT_FOUND'))).toBeUndefined();
  expect(() => emulatorFolder(failing('EACCES'))).toThrow('no');
  expect(NOT_INSTALLED).toMatch(/docs\/local\.md/);
});
