// The command `verify --live`.
import { expect, test } from '@jest/globals';
import { CommandError } from '../../../cli/exit.ts';
import { verdictOf, verifyLive } from '../../../cli/verify-live.ts';

const ended = (more: object) => ({ arn: 'arn:execution', status: 'SUCCEEDED', ...more });

test('reads what an execution concludes from its output', () => {
  const output = JSON.stringify({
    id: 'x',
    verdict: 'intact',
    report: { key: 'reports/x.json' },
    text: 'intact',
    cause: '',
  });
  expect(verdictOf(ended({ output }))).toEqual({ verdict: 'intact', report: 'reports/x.json', text: 'intact' });
});

test('and from its cause where it ends in a state named by the verdict', () => {
  const cause = JSON.stringify({ id: 'x', verdict: 'missing', report: 'reports/x.json', text: 'missing' });
  const found = verdictOf(ended({ status: 'FAILED', error: 'Missing', cause }));
  expect(found).toMatchObject({ verdict: 'missing', report: 'reports/x.json', text: 'missing' });
});

test.each([
  { status: 'FAILED', error: 'States.Runtime', cause: 'a path that is not there' },
  { status: 'TIMED_OUT' },
  { status: 'ABORTED' },
])('an execution that ended otherwise concludes nothing: %j', (end) => {
  expect(() => verdictOf(ended(end))).toThrow(CommandError);
});

test('takes no bundle beside --live', async () => {
  await expect(verifyLive({ live: true }, ['bundle.zip'])).rejects.toThrow(CommandError);
});
