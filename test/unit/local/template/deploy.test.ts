// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of Fn::Sub
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readAssembly } from '../../../../local/template/assembly.ts';
import { deploy } from '../../../../local/template/deploy.ts';
import type { Properties, Provisioner } from '../../../../local/template/provisioner.ts';
import { type Bench, bench } from '../lambda/support.ts';

let it: Bench;
let directory: string;
beforeEach(async () => {
  it = await bench();
  directory = mkdtempSync(join(tmpdir(), 'assembly-'));
});
afterEach(async () => {
  rmSync(directory, { recursive: true });
  await it.close();
});

type Stacks = Readonly<Record<string, { template: object; dependencies?: string[]; assets?: Record<string, string> }>>;

function write(stacks: Stacks): void {
  const artifacts: Record<string, unknown> = {};
  for (const [name, { template, dependencies = [], assets = {} }] of Object.entries(stacks)) {
    artifacts[name] = {
      type: 'aws:cloudformation:stack',
      dependencies: [...dependencies, `${name}.assets`],
      properties: { templateFile: `${name}.template.json`, stackName: `named-${name}` },
    };
    artifacts[`${name}.assets`] = { type: 'cdk:asset-manifest', properties: { file: `${name}.assets.json` } };
    const files = Object.entries(assets).map(([key, path]) => [
      key,
      { source: { path }, destinations: { here: { objectKey: key } } },
    ]);
    writeFileSync(join(directory, `${name}.template.json`), JSON.stringify(template));
    writeFileSync(join(directory, `${name}.assets.json`), JSON.stringify({ files: Object.fromEntries(files) }));
  }
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ artifacts }));
}

/** Remembers in which order it was asked for what. */
function recorder(kind: string, log: [string, Properties][]): Provisioner {
  return {
    kind,
    provision: async (logicalId, properties, context) => {
      log.push([logicalId, properties]);
      return {
        ref: `ref-${logicalId}`,
        attributes: { Arn: `arn-${logicalId}`, Name: context.physicalName({ maxLength: 30 }) },
      };
    },
  };
}

describe('a deployment', () => {
  test('provisions in dependency order, across stacks, with values resolved', async () => {
    write({
      App: {
        dependencies: ['Data'],
        template: {
          Resources: {
            Reader: {
              Type: 'Test::Thing',
              Properties: { table: { 'Fn::ImportValue': 'Data:TableArn' } },
              DependsOn: ['Late'],
            },
            Late: { Type: 'Test::Thing', Properties: { name: { Ref: 'Size' } } },
          },
          Parameters: { Size: { Type: 'String', Default: 'small' } },
        },
      },
      Data: {
        template: {
          Resources: {
            Second: { Type: 'Test::Thing', Properties: { of: { 'Fn::Sub': '${First.Arn}!' } } },
            First: { Type: 'Test::Thing' },
          },
          Outputs: { Out: { Value: { 'Fn::GetAtt': ['First', 'Arn'] }, Export: { Name: 'Data:TableArn' } } },
        },
      },
    });
    const log: [string, Properties][] = [];
    const deployment = await deploy(readAssembly(directory), [recorder('Test::Thing', log)], it.runtime.context);
    expect(log).toEqual([
      ['First', {}],
      ['Second', { of: 'arn-First!' }],
      ['Late', { name: 'small' }],
      ['Reader', { table: 'arn-First' }],
    ]);
    expect(deployment.outputs.get('named-Data')).toEqual({ Out: 'arn-First' });
    expect([...deployment.resources.keys()]).toEqual([
      'named-Data/First',
      'named-Data/Second',
      'named-App/Late',
      'named-App/Reader',
    ]);
  });

  test('names every kind that is not supported, and provisions nothing', async () => {
    write({
      One: { template: { Resources: { A: { Type: 'Test::Thing' }, B: { Type: 'AWS::EKS::Cluster' } } } },
      Two: { template: { Resources: { C: { Type: 'AWS::EKS::Cluster' }, D: { Type: 'Custom::Magic' } } } },
    });
    const log: [string, Properties][] = [];
    await expect(deploy(readAssembly(directory), [recorder('Test::Thing', log)], it.runtime.context)).rejects.toThrow(
      'AWS::EKS::Cluster (named-One/B, named-Two/C); Custom::Magic (named-Two/D)',
    );
    expect(log).toEqual([]);
  });

  test('leaves out what its condition excludes, whatever its kind', async () => {
    write({
      One: {
        template: {
          Conditions: {
            Big: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'mars-1'] },
            Small: { 'Fn::Not': [{ Condition: 'Big' }] },
          },
          Resources: {
            A: { Type: 'AWS::EKS::Cluster', Condition: 'Big' },
            B: {
              Type: 'Test::Thing',
              Condition: 'Small',
              Properties: { x: { 'Fn::If': ['Big', 1, { Ref: 'AWS::NoValue' }] } },
            },
          },
        },
      },
    });
    const log: [string, Properties][] = [];
    await deploy(readAssembly(directory), [recorder('Test::Thing', log)], it.runtime.context);
    expect(log).toEqual([['B', {}]]);
  });

  test('counts inert kinds with their reason', async () => {
    write({
      One: { template: { Resources: { A: { Type: 'AWS::CDK::Metadata' }, B: { Type: 'AWS::CDK::Metadata' } } } },
    });
    const { inert } = await deploy(readAssembly(directory), [], it.runtime.context);
    expect(inert).toEqual([{ kind: 'AWS::CDK::Metadata', count: 2, reason: expect.stringMatching(/\w/) }]);
  });

  test('gives the same physical names at every start', async () => {
    write({
      One: {
        template: {
          Resources: { A: { Type: 'Test::Thing' } },
          Outputs: { N: { Value: { 'Fn::GetAtt': ['A', 'Name'] } } },
        },
      },
    });
    const names = [];
    for (const _ of [1, 2]) {
      const { outputs } = await deploy(readAssembly(directory), [recorder('Test::Thing', [])], it.runtime.context);
      names.push(outputs.get('named-One')?.N);
    }
    expect(names[0]).toMatch(/^named-One-A-[0-9a-f]{12}$/);
    expect(names[1]).toBe(names[0]);
  });

  test.each<[string, object, RegExp]>([
    [
      'a circle',
      { A: { Type: 'Test::Thing', DependsOn: 'B' }, B: { Type: 'Test::Thing', DependsOn: ['A'] } },
      /circular/,
    ],
    [
      'a name that is not there',
      { A: { Type: 'Test::Thing', Properties: { x: { Ref: 'Gone' } } } },
      /One\/A: the template has no Gone/,
    ],
    [
      'an attribute that is not there',
      { A: { Type: 'Test::Thing' }, B: { Type: 'Test::Thing', Properties: { x: { 'Fn::GetAtt': ['A', 'Colour'] } } } },
      /has no attribute Colour/,
    ],
    [
      'an export that is not there',
      { A: { Type: 'Test::Thing', Properties: { x: { 'Fn::ImportValue': 'Nowhere' } } } },
      /no stack exports Nowhere/,
    ],
  ])('%s stops the start', async (_, resources, message) => {
    write({ One: { template: { Resources: resources } } });
    await expect(deploy(readAssembly(directory), [recorder('Test::Thing', [])], it.runtime.context)).rejects.toThrow(
      message,
    );
  });

  test('what a provisioner refuses is told with kind and place', async () => {
    write({ One: { template: { Resources: { A: { Type: 'Test::Picky' } } } } });
    const picky: Provisioner = {
      kind: 'Test::Picky',
      provision: async () => Promise.reject(new Error('Shape must be round')),
    };
    await expect(deploy(readAssembly(directory), [picky], it.runtime.context)).rejects.toThrow(
      'Test::Picky named-One/A: Shape must be round',
    );
  });

  test('assets are found by the key that templates use', () => {
    write({ One: { template: { Resources: {} }, assets: { 'abc.zip': 'asset.abc' } } });
    expect(readAssembly(directory).assets.get('abc.zip')).toBe(join(directory, 'asset.abc'));
  });
});
