// Definitions that the local Step Functions refuses.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { stepFunctionsProvisioners } from '../../../../local/stepfunctions/provisioners.ts';
import type { Properties } from '../../../../local/template/provisioner.ts';
import { type Bench, bench, LAMBDA, task } from './support.ts';

let it: Bench;
beforeEach(async () => {
  it = await bench();
});
afterEach(() => it.close());

const one = (state: object, more: object = {}) => ({ StartAt: 'Odd', States: { Odd: state }, ...more });

describe('a start stops, with the name of the state, for', () => {
  test.each<[string, object, RegExp]>([
    ['a field that is not implemented', task('f', { HeartbeatSeconds: 5, End: true }), /state Odd: .*HeartbeatSeconds/],
    [
      'a service that is not',
      { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:s3:getObject', End: true },
      /state Odd: Resource .*s3:getObject/,
    ],
    [
      'a task that waits for a token',
      { Type: 'Task', Resource: `${LAMBDA}.waitForTaskToken`, End: true },
      /state Odd: Resource/,
    ],
    [
      'a parameter that is not',
      { Type: 'Task', Resource: LAMBDA, Parameters: { FunctionName: 'f', Qualifier: '1' }, End: true },
      /state Odd: .*Parameters.Qualifier/,
    ],
    [
      'a parameter that is missing',
      { Type: 'Task', Resource: LAMBDA, Parameters: { 'Payload.$': '$' }, End: true },
      /state Odd: Parameters lacks FunctionName/,
    ],
    [
      'a context that is not there',
      { Type: 'Pass', Parameters: { 'a.$': '$$.Task.Token' }, End: true },
      /state Odd: the context has no \$\$\.Task\.Token/,
    ],
    [
      'an intrinsic function that would not do',
      { Type: 'Pass', Parameters: { 'a.$': 'States.JsonToString($)' }, End: true },
      /state Odd: States.JsonToString/,
    ],
    ['a result path that would not do', { Type: 'Pass', ResultPath: "$['a']", End: true }, /state Odd: ResultPath/],
    [
      'a distributed map of express executions',
      {
        Type: 'Map',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
          ...{ StartAt: 'In', States: { In: { Type: 'Succeed' } } },
        },
        Label: 'x',
        End: true,
      },
      /state Odd: ProcessorConfig.ExecutionType EXPRESS/,
    ],
    [
      'an inline map that tolerates failures',
      {
        Type: 'Map',
        ItemProcessor: { StartAt: 'In', States: { In: { Type: 'Succeed' } } },
        ToleratedFailurePercentage: 100,
        End: true,
      },
      /state Odd: only distributed maps tolerate failures/,
    ],
    [
      'a distributed map that reads its items elsewhere',
      {
        Type: 'Map',
        ItemReader: { Resource: 'arn:aws:states:::s3:getObject', Parameters: { Bucket: 'b', Key: 'k' } },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          ...one({ Type: 'Succeed' }),
        },
        End: true,
      },
      /Odd/,
    ],
    [
      'what is wrong in a branch',
      {
        Type: 'Parallel',
        Branches: [{ StartAt: 'In', States: { In: task('f', { HeartbeatSeconds: 5, End: true }) } }],
        End: true,
      },
      /state In: .*HeartbeatSeconds/,
    ],
  ])('%s', async (_, state, message) => {
    await expect(it.machine(one(state))).rejects.toThrow(message);
  });

  test.each<[string, object, RegExp]>([
    ['no JSONPath', one({ Type: 'Succeed' }, { QueryLanguage: 'JSONata' }), /QueryLanguage JSONata/],
    ['a transition to nowhere', one({ Type: 'Pass', Next: 'Gone' }), /Missing .* target: Gone/],
    ['no way to wait', one({ Type: 'Wait', End: true }), /Odd.* MUST contain exactly one of/],
  ])('a definition with %s', async (_, definition, message) => {
    await expect(it.machine(definition)).rejects.toThrow(message);
  });
});

describe('a state machine', () => {
  const definition = one({ Type: 'Succeed' });

  test('has its ARN, its name and a revision that follows its definition', async () => {
    const RoleArn = 'arn:aws:iam::000000000000:role/Machine';
    const made = (name: string, Comment: string) => {
      const DefinitionString = JSON.stringify({ ...definition, Comment });
      return it.provision(stepFunctionsProvisioners[0], { DefinitionString, RoleArn, StateMachineName: name });
    };
    const { ref, attributes } = await made('Named', 'one');
    expect(ref).toBe('arn:aws:states:us-east-1:000000000000:stateMachine:Named');
    expect(attributes).toEqual({ Arn: ref, Name: 'Named', StateMachineRevisionId: expect.any(String) });
    const other = await made('Named', 'two');
    expect(other.attributes.StateMachineRevisionId).not.toBe(attributes.StateMachineRevisionId);
  });

  test('substitutes what the definition leaves open', async () => {
    it.functions.set('echo', (event) => event);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of DefinitionSubstitutions
    const open = one({ ...task('echo'), Resource: '${Function}' });
    const machine = await it.machine(open, { DefinitionSubstitutions: { Function: task('echo').Resource } });
    expect(await it.run(machine, { n: 1 })).toMatchObject({ status: 'SUCCEEDED', output: '{"n":1}' });
  });

  test.each<[string, Properties, RegExp]>([
    ['EXPRESS', { StateMachineType: 'EXPRESS' }, /StateMachineType EXPRESS/],
    ['an unknown property', { DefinitionS3Location: {} }, /DefinitionS3Location/],
    ['an unknown log level', { LoggingConfiguration: { Level: 'SOME' } }, /LoggingConfiguration.Level SOME/],
    ['a role that is not there', { RoleArn: 'arn:aws:iam::000000000000:role/None' }, /There is no role/],
    ['a name that AWS refuses', { StateMachineName: 'a b' }, /Invalid Name/],
  ])('is refused with %s', async (_, more, message) => {
    await expect(it.machine(definition, more)).rejects.toThrow(message);
  });
});
