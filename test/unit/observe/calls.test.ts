// Calls of AWS's services as CloudTrail records them: what they act on, and how grave they are.
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../core/json/value.ts';
import { expectedCalls } from './calls.ts';
import { inputOf } from './events.ts';

interface Named {
  readonly type: string;
  readonly id: string;
  readonly name?: string;
}
const spelled = (one: Named | undefined): string =>
  one === undefined ? '-' : `${one.type} ${one.id}${one.name === undefined ? '' : ` (${one.name})`}`;

describe('a call', () => {
  test.each(expectedCalls().map((call) => [call.title, call] as const))('%s', (_, { event, ...expected }) => {
    const input = inputOf(event) as JsonObject & { target?: Named; related?: Named[] };
    expect({
      severity: input.severity,
      target: spelled(input.target),
      related: (input.related ?? []).map(spelled).sort(),
    }).toEqual({
      severity: expected.severity,
      target: expected.target,
      related: [...expected.related].sort(),
    });
  });
});
