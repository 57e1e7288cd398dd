// The command `seal`.
import { expect, test } from '@jest/globals';
import type { EndedExecution } from '../../../cli/executions.ts';
import { firstCheckpoint, shortOf } from '../../../cli/seal.ts';

const ended = (output: unknown, status = 'SUCCEEDED'): EndedExecution =>
  ({ arn: 'arn:execution', status, output: JSON.stringify(output), error: 'E', cause: 'why' }) as EndedExecution;

const answers = (...all: EndedExecution[]) => {
  let asked = 0;
  return { run: async () => all[Math.min(asked++, all.length - 1)]!, asked: () => asked };
};

const NOTHING = ended({ nothing: true });

test('what a seal published', async () => {
  const { run, asked } = answers(ended({ checkpoint: 'note' }));
  expect([await firstCheckpoint(run), asked()]).toEqual(['note', 1]);
});

test('first entries are waited for', async () => {
  const { run, asked } = answers(NOTHING, NOTHING, ended({ checkpoint: 'note' }));
  expect([await firstCheckpoint(run, { ms: 60_000, pause: 1 }), asked()]).toEqual(['note', 3]);
});

test('but not without end', async () => {
  const { run, asked } = answers(NOTHING);
  expect([await firstCheckpoint(run, { ms: 0, pause: 1 }), asked()]).toEqual([undefined, 1]);
});

test('a run that failed says why', async () => {
  await expect(firstCheckpoint(answers(ended(undefined, 'FAILED')).run)).rejects.toThrow(/FAILED, E: why/);
});

test('three lines say what is sealed, whatever a hostile log is called', () => {
  const checkpoint = 'log.example/a\u001b[2J\n42\nIauCEoU6wNdAekB9hB5n8OK0mt/dFpcYWTxvkN76iNA=\n\n— log.example AAAA\n';
  expect(shortOf(checkpoint)).toBe(
    'log    log.example/a\\u001b[2J\nsize   42 digests\nroot   21ab8212853ac0d7407a407d841e67f0e2b49adfdd169718593c6f90defa88d0\n',
  );
});
