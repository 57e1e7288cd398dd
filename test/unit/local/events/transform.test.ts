// Inputs of event targets.
import { describe, expect, test } from '@jest/globals';
import { inputTransform } from '../../../../local/events/transform.ts';

const EVENT = {
  version: '0' as const,
  id: 'id-1',
  'detail-type': 'Type',
  source: 's',
  account: '000000000000',
  time: '2026-01-01T00:00:00Z',
  region: 'us-east-1',
  resources: ['r0', 'r1'],
  detail: { text: 'say "hi"\n', count: 3, deep: { list: [1, 2] }, 'odd key': true },
};
const RULE = { arn: 'arn:rule', name: 'rule', ingestedAt: '2026-01-01T00:00:01Z' };

const input = (target: { [name: string]: unknown }) => inputTransform(target)(EVENT, RULE);
const template = (InputTemplate: string, InputPathsMap: { [name: string]: string } = {}) =>
  input({ InputTransformer: { InputPathsMap, InputTemplate } });

describe('the input of a target', () => {
  test('is the event, a constant, or a part', () => {
    expect(JSON.parse(input({}))).toEqual(EVENT);
    expect(input({ Input: '{"fixed":1}' })).toBe('{"fixed":1}');
    expect(input({ InputPath: '$.detail.deep.list[1]' })).toBe('2');
    expect(input({ InputPath: "$.detail['odd key']" })).toBe('true');
    expect(JSON.parse(input({ InputPath: '$' }))).toEqual(EVENT);
  });

  test('is a template with values as JSON, and as text inside quotes', () => {
    const paths = { text: '$.detail.text', count: '$.detail.count', deep: '$.detail.deep' };
    expect(JSON.parse(template('{"a":<text>,"b":<count>,"c":<deep>}', paths))).toEqual({
      a: 'say "hi"\n',
      b: 3,
      c: { list: [1, 2] },
    });
    expect(JSON.parse(template('{"a":"got <text> and <count> and <deep>"}', paths))).toEqual({
      a: 'got say "hi"\n and 3 and {"list":[1,2]}',
    });
  });

  test('knows the rule and the whole event', () => {
    expect(template('"<aws.events.rule-arn> <aws.events.rule-name> <aws.events.event.ingestion-time>"')).toBe(
      '"arn:rule rule 2026-01-01T00:00:01Z"',
    );
    expect(JSON.parse(template('<aws.events.event.json>'))).toEqual(EVENT);
  });

  test('leaves out what is not there, and keeps escaped quotes apart', () => {
    expect(template('{"a":"<gone>","b":"\\"<id>\\""}', { gone: '$.detail.gone', id: '$.id' })).toBe(
      '{"a":"","b":"\\"id-1\\""}',
    );
  });

  test.each<[string, { [name: string]: unknown }, RegExp]>([
    ['two ways at once', { Input: '1', InputPath: '$' }, /only one of Input, InputPath/],
    ['a path without $', { InputPath: 'detail' }, /must begin with \$/],
    ['a path with a filter', { InputPath: '$.a[?(@.b)]' }, /not a JSON path that EventBridge takes/],
    ['a reserved name', { InputTransformer: { InputPathsMap: { 'AWS.x': '$' }, InputTemplate: '1' } }, /reserved/],
  ])('refuses %s', (_name, target, reason) => {
    expect(() => inputTransform(target)).toThrow(reason);
  });
});
