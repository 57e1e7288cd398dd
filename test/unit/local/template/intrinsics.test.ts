// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of Fn::Sub
import { describe, expect, test } from '@jest/globals';
import { references, resolve, type Scope } from '../../../../local/template/intrinsics.ts';

const scope: Scope = {
  place: 'Stack/Thing',
  ref: (name) =>
    ({ Bucket: 'bucket-1', 'AWS::Region': 'us-east-1', 'AWS::AccountId': '000000000000' })[name] ?? `ref:${name}`,
  attribute: (logicalId, attribute) => `${logicalId}.${attribute}`,
  imported: (name) => `import:${name}`,
  condition: (name) => name === 'Yes',
  mapping: (name, first, second) => `${name}/${first}/${second}`,
};

describe('each intrinsic', () => {
  test.each<[string, unknown, unknown]>([
    ['Ref', { Ref: 'Bucket' }, 'bucket-1'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Table', 'StreamArn'] }, 'Table.StreamArn'],
    ['GetAtt as text, with a nested attribute', { 'Fn::GetAtt': 'Api.Outputs.Url' }, 'Api.Outputs.Url'],
    ['Sub', { 'Fn::Sub': 'a-${Bucket}-${Table.Arn}-${AWS::Region}' }, 'a-bucket-1-Table.Arn-us-east-1'],
    ['Sub with a literal', { 'Fn::Sub': '${!Bucket}/${Bucket}' }, '${Bucket}/bucket-1'],
    ['Sub with variables of its own', { 'Fn::Sub': ['${X}/${Bucket}', { X: { Ref: 'Bucket' } }] }, 'bucket-1/bucket-1'],
    ['Join', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::AccountId' }, ':x']] }, 'arn:000000000000:x'],
    ['Join of a Split', { 'Fn::Join': ['+', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'a+b+c'],
    ['Select', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b'] }] }, 'b'],
    ['Select with its index as text', { 'Fn::Select': ['0', ['a', 'b']] }, 'a'],
    ['ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': 'Data-${Bucket}' } }, 'import:Data-bucket-1'],
    ['If', { 'Fn::If': ['Yes', { Ref: 'Bucket' }, 'no'] }, 'bucket-1'],
    ['If, the other way', { 'Fn::If': ['No', { Ref: 'Bucket' }, 'no'] }, 'no'],
    ['Equals', { 'Fn::Equals': [{ Ref: 'Bucket' }, 'bucket-1'] }, true],
    [
      'And, Or, Not',
      { 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Or': [{ Condition: 'No' }, { 'Fn::Not': [{ Condition: 'No' }] }] }] },
      true,
    ],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'large'] }, 'Sizes/us-east-1/large'],
    ['Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
    ['ToJsonString', { 'Fn::ToJsonString': { a: { Ref: 'Bucket' } } }, '{"a":"bucket-1"}'],
    ['Length', { 'Fn::Length': [1, 2, 3] }, 3],
  ])('%s', (_, value, expected) => {
    expect(resolve(value, scope)).toEqual(expected);
  });

  test('NoValue removes a property and an item', () => {
    const value = {
      keep: 1,
      drop: { Ref: 'AWS::NoValue' },
      list: ['a', { Ref: 'AWS::NoValue' }, { 'Fn::If': ['No', 'b', { Ref: 'AWS::NoValue' }] }],
    };
    expect(resolve(value, scope)).toEqual({ keep: 1, list: ['a'] });
  });

  test('a policy statement’s Condition is not the intrinsic', () => {
    const statement = { Condition: { StringEquals: { 'aws:SourceArn': { Ref: 'Bucket' } } } };
    expect(resolve(statement, scope)).toEqual({ Condition: { StringEquals: { 'aws:SourceArn': 'bucket-1' } } });
  });
});

describe('what can’t be resolved stops the start', () => {
  test.each<[unknown, RegExp]>([
    [{ 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }, /Stack\/Thing: the local runtime can't evaluate Fn::Cidr/],
    ['{{resolve:ssm:/a/b}}', /dynamic references/],
    [{ 'Fn::Select': [2, ['a', 'b']] }, /wants item 2 of 2/],
    [{ 'Fn::Join': ['', [{ a: 1, b: 2 }]] }, /a string was wanted where the template gives an object/],
  ])('%j', (value, message) => {
    expect(() => resolve(value, scope)).toThrow(message);
  });
});

test('references finds every name, also inside Sub, and not the variables of Sub itself', () => {
  const { resources, imports } = references({
    a: { Ref: 'One' },
    b: { 'Fn::GetAtt': ['Two', 'Arn'] },
    c: { 'Fn::Sub': ['${Three}-${Four.Arn}-${Own}-${!Literal}', { Own: { Ref: 'Five' } }] },
    d: [{ 'Fn::ImportValue': 'Elsewhere' }],
  });
  expect([...resources].sort()).toEqual(['Five', 'Four', 'One', 'Three', 'Two']);
  expect(imports).toEqual(['Elsewhere']);
});
