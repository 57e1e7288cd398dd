/** What the CDK synthesizes for state machines and schedules, deployed as a start deploys it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import {
  Choice,
  Condition,
  DefinitionBody,
  Map as ForEach,
  StateMachine,
  Succeed,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { iamProvisioners } from '../../../../local/aws/provisioners.ts';
import { schedulerProvisioners } from '../../../../local/scheduler/provisioners.ts';
import { stepFunctionsProvisioners } from '../../../../local/stepfunctions/provisioners.ts';
import { readAssembly } from '../../../../local/template/assembly.ts';
import { deploy } from '../../../../local/template/deploy.ts';
import { type Bench, bench, functionArn } from './support.ts';

let it: Bench;
let outdir: string;
beforeEach(async () => {
  it = await bench();
  outdir = mkdtempSync(join(tmpdir(), 'indelible-assembly-'));
});
afterEach(async () => {
  await it.close();
  rmSync(outdir, { recursive: true });
});

function synthesize(): void {
  const app = new App({ outdir });
  const env = { account: '000000000000', region: 'us-east-1' };
  const stack = new Stack(app, 'Loop', { env });
  const imported = (name: string) => Lambda.fromFunctionArn(stack, name, functionArn(name));
  const step = new LambdaInvoke(stack, 'Take a step', { lambdaFunction: imported('step'), outputPath: '$.Payload' });
  const square = new LambdaInvoke(stack, 'Square', { lambdaFunction: imported('square'), payloadResponseOnly: true });
  const each = new ForEach(stack, 'Each', { itemsPath: '$.items', maxConcurrency: 2, resultPath: '$.squares' });
  each.itemProcessor(square).next(new Succeed(stack, 'Over'));
  const more = new Choice(stack, 'More?').when(Condition.booleanEquals('$.more', true), step).otherwise(each);
  const definitionBody = DefinitionBody.fromChainable(step.next(more));
  const machine = new StateMachine(stack, 'Machine', { definitionBody, timeout: Duration.minutes(5) });
  const input = ScheduleTargetInput.fromObject({ at: 0 });
  const target = new StepFunctionsStartExecution(machine, { input });
  new Schedule(stack, 'Daily', { schedule: ScheduleExpression.cron({ hour: '3', minute: '0' }), target });
  app.synth();
}

test('a machine of the CDK runs: its loop, its map, its role', async () => {
  synthesize();
  it.functions.set('step', ({ at }: { at: number }) => ({ at: at + 1, more: at < 4, items: [1, 2, 3] }));
  it.functions.set('square', (n: number) => n * n);
  const provisioners = [...iamProvisioners, ...stepFunctionsProvisioners, ...schedulerProvisioners];
  await deploy(readAssembly(outdir), provisioners, it.runtime.context);
  const { stateMachines } = await it.ask<{ stateMachines: { stateMachineArn: string }[] }>('ListStateMachines', {});
  expect(stateMachines).toHaveLength(1);
  const execution = await it.run(String(stateMachines[0]?.stateMachineArn), { at: 0 });
  expect(execution).toMatchObject({ status: 'SUCCEEDED' });
  expect(JSON.parse(String(execution.output))).toMatchObject({ at: 5, more: false, squares: [1, 4, 9] });
});
