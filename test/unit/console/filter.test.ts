// The filter and the query text are two spellings of one tree.
import { describe, expect, test } from '@jest/globals';
import { type Filter, filterOfQuery, NO_FILTER, queryOfFilter } from '../../../console/entries/filter.ts';
import { parseQuery } from '../../../core/query/parse.ts';
import { printQuery } from '../../../core/query/print.ts';

const shown = (text: string): Filter | undefined => filterOfQuery(parseQuery(text));
const written = (filter: Filter): string => printQuery(queryOfFilter(filter));

describe('a query that the filter can show', () => {
  test.each<[string, Filter]>([
    ['', NO_FILTER],
    ['login', { operation: 'and', tokens: [{ operator: ':', value: 'login' }] }],
    ['-login', { operation: 'and', tokens: [{ operator: '!:', value: 'login' }] }],
    ['actor.id:u3', { operation: 'and', tokens: [{ propertyKey: 'actor.id', operator: '=', value: 'u3' }] }],
    ['NOT actor.id:u3', { operation: 'and', tokens: [{ propertyKey: 'actor.id', operator: '!=', value: 'u3' }] }],
    ['actor.name:ann', { operation: 'and', tokens: [{ propertyKey: 'actor.name', operator: ':', value: 'ann' }] }],
    ['action:auth*', { operation: 'and', tokens: [{ propertyKey: 'action', operator: '^', value: 'auth' }] }],
    ['action:*auth*', { operation: 'and', tokens: [{ propertyKey: 'action', operator: ':', value: 'auth' }] }],
    ['target:*', { operation: 'and', tokens: [{ propertyKey: 'target', operator: '=', value: '*' }] }],
    ['severity:>=high', { operation: 'and', tokens: [{ propertyKey: 'severity', operator: '>=', value: 'high' }] }],
    [
      'recordedAt:[2026-03-01 TO 2026-03-31}',
      {
        operation: 'and',
        tokens: [
          { propertyKey: 'recordedAt', operator: '>=', value: '2026-03-01' },
          { propertyKey: 'recordedAt', operator: '<', value: '2026-03-31' },
        ],
      },
    ],
    [
      'a OR (b AND metadata.region:"x y")',
      {
        operation: 'or',
        tokens: [
          { operator: ':', value: 'a' },
          {
            operation: 'and',
            tokens: [
              { operator: ':', value: 'b' },
              { propertyKey: 'metadata.region', operator: '=', value: 'x y' },
            ],
          },
        ],
      },
    ],
  ])('%s', (text, filter) => {
    expect(shown(text)).toEqual(filter);
    expect(shown(written(filter))).toEqual(filter);
  });
});

test.each([
  'source.ip:/^203\\.0/',
  'a AND (b OR (c AND d))',
  'NOT (a OR b)',
  'NOT severity:>high',
  'source.ip:203.0.113.?',
  'inter*w',
  'actor.id:"*"',
])('%s says more than a filter', (text) => {
  expect(shown(text)).toBeUndefined();
});
