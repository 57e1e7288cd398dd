/** AWS::StepFunctions::StateMachine. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { keyIsNotAsked } from '../kms/ask.ts';
import { object, onlyKnown, optionalString, string } from '../template/properties.ts';
import { type Properties, type Provisioner, ROLES, type RuntimeContext, serviceKey } from '../template/provisioner.ts';
import { readDefinition } from './definition.ts';
import { demandName } from './input.ts';
import { StateMachines } from './machines.ts';
import { planOf } from './plan.ts';
import { recorder } from './record.ts';
import { statesService } from './service.ts';
import { ExecutionStore } from './store.ts';

const STATE_MACHINES = serviceKey<Promise<StateMachines>>('state machines');

const NAME_LENGTH = 80;

/** Traces and encryption at rest have nothing to do on this machine (docs/local.md). */
const PROPERTIES = [
  ...['DefinitionString', 'DefinitionSubstitutions', 'EncryptionConfiguration', 'LoggingConfiguration', 'RoleArn'],
  ...['StateMachineName', 'StateMachineType', 'TracingConfiguration'],
];

const stateMachine: Provisioner = {
  kind: 'AWS::StepFunctions::StateMachine',
  provision: async (_logicalId, properties, context) => {
    onlyKnown(properties, PROPERTIES);
    keyIsNotAsked(context, 'state machines', properties.EncryptionConfiguration);
    const type = optionalString(properties, 'StateMachineType') ?? 'STANDARD';
    if (type !== 'STANDARD') throw new Error(`StateMachineType ${type} does not run here, only STANDARD does`);
    const name = optionalString(properties, 'StateMachineName') ?? context.physicalName({ maxLength: NAME_LENGTH });
    demandName(name);
    const roleArn = string(properties, 'RoleArn');
    // Throws when there is no such role.
    context.service(ROLES).credentials(roleArn);
    const definition = substituted(
      string(properties, 'DefinitionString'),
      object(properties, 'DefinitionSubstitutions'),
    );
    const arn = `arn:aws:states:${context.region}:${context.account}:stateMachine:${name}`;
    const revisionId = createHash('sha256').update(definition).digest('hex').slice(0, 32);
    const machines = await localStateMachines(context);
    machines.add({
      ...{ arn, name, roleArn, definition, revisionId },
      plan: planOf(readDefinition(definition)),
      createdAt: context.clock.now(),
      ended: recorder(object(properties, 'LoggingConfiguration'), context),
    });
    return { ref: arn, attributes: { Arn: arn, Name: name, StateMachineRevisionId: revisionId } };
  },
};

export const stepFunctionsProvisioners: readonly Provisioner[] = [stateMachine];

/** The state machines of a runtime, opened when first asked for. */
export function localStateMachines(context: RuntimeContext): Promise<StateMachines> {
  if (!context.has(STATE_MACHINES)) context.provide(STATE_MACHINES, open(context));
  return context.service(STATE_MACHINES);
}

async function open(context: RuntimeContext): Promise<StateMachines> {
  const store = await ExecutionStore.open(join(context.dataDir, 'stepfunctions', 'executions.ndjson'));
  const machines = new StateMachines(context, store);
  context.serve(statesService(machines));
  context.onStart(() => machines.resume());
  context.onStop('sources', () => machines.suspend());
  context.onStop('services', () => machines.close());
  return machines;
}

function substituted(definition: string, values: Properties): string {
  return definition.replace(/\$\{([^}]+)\}/g, (whole, key: string) => {
    return Object.hasOwn(values, key) ? String(values[key]) : whole;
  });
}
