/** Entries of a record as the API finds them, made of what a test says of each. */
import type { Row } from '../../console/entries/use-entries.ts';

export interface Happened {
  /** RFC 3339, or milliseconds since the first of March 2026. */
  readonly at: string | number;
  readonly action?: string;
  readonly change?: { readonly before?: unknown; readonly after?: unknown };
  readonly more?: Partial<Row['entry']>;
}

export const START = Date.parse('2026-03-01T00:00:00.000Z');

/** About the case `c-1` unless said otherwise, in the order given. */
export function historyOf(happened: readonly Happened[]): readonly Row[] {
  return happened.map(({ at, action = 'case.status_changed', change, more }, position) => {
    const occurredAt = typeof at === 'string' ? at : new Date(START + at).toISOString();
    return {
      ...{ chain: 0, position, leafHash: 'aa', link: 'bb' },
      entry: {
        ...{
          id: `e-${position}`,
          v: 1,
          tenant: 'acme',
          action,
          category: 'case',
          outcome: 'success',
          severity: 'medium',
        },
        ...{ description: `${action} ${position}`, occurredAt, recordedAt: occurredAt },
        actor: { type: 'user', id: 'u-1', name: 'Reader 1' },
        target: { type: 'case', id: 'c-1' },
        recorder: { type: 'token', id: 'app' },
        ...(change === undefined ? {} : { change }),
        ...more,
      },
    };
  });
}
