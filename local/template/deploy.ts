/** Provisions every resource of every stack, in dependency order, with all intrinsics resolved. */
import { createHash } from 'node:crypto';
import { fileSentence, messageOf, StartFailure } from '../failure.ts';
import type { Assembly, Stack, TemplateResource } from './assembly.ts';
import { sorted } from './assembly.ts';
import { INERT_KINDS } from './inert.ts';
import { evaluateCondition, PSEUDO_PARAMETERS, references, resolve, type Scope } from './intrinsics.ts';
import type { Properties, Provisioned, Provisioner, Resource, ResourceContext, RuntimeContext } from './provisioner.ts';

const DEFAULT_NAME_LENGTH = 64;
const NAME_HASH_LENGTH = 12;

export interface Deployment {
  /** `Stack/LogicalId` → kind, for everything that was provisioned. */
  readonly resources: ReadonlyMap<string, string>;
  /** Inert kinds that the template uses, with how many there are and why they do nothing. */
  readonly inert: readonly { readonly kind: string; readonly count: number; readonly reason: string }[];
  /** Outputs by stack and name. */
  readonly outputs: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

export async function deploy(
  assembly: Assembly,
  provisioners: readonly Provisioner[],
  runtime: RuntimeContext,
): Promise<Deployment> {
  const registry = new Map(provisioners.map((provisioner) => [provisioner.kind, provisioner]));
  const exports = new Map<string, unknown>();
  const deployments = assembly.stacks.map((stack) => new StackDeployment(stack, exports, runtime));
  refuseUnsupported(deployments, registry);
  const resources = new Map<string, string>();
  const outputs = new Map<string, Readonly<Record<string, unknown>>>();
  for (const deployment of deployments) {
    for (const [logicalId, resource] of deployment.ordered()) {
      await deployment.provision(logicalId, resource, registry);
      resources.set(`${deployment.stack.name}/${logicalId}`, resource.Type);
    }
    outputs.set(deployment.stack.name, deployment.outputs());
  }
  return { resources, outputs, inert: inertKinds(resources) };
}

function refuseUnsupported(deployments: readonly StackDeployment[], registry: ReadonlyMap<string, Provisioner>): void {
  const unsupported = new Map<string, string[]>();
  for (const deployment of deployments) {
    for (const [logicalId, resource] of deployment.active) {
      if (registry.has(resource.Type) || Object.hasOwn(INERT_KINDS, resource.Type)) continue;
      const places = unsupported.get(resource.Type) ?? [];
      unsupported.set(resource.Type, [...places, `${deployment.stack.name}/${logicalId}`]);
    }
  }
  if (unsupported.size === 0) return;
  const named = [...unsupported].map(([kind, places]) => `${kind} (${places.join(', ')})`).join('; ');
  throw new StartFailure(`The template has resources of kinds that the local runtime does not run: ${named}.`);
}

function inertKinds(resources: ReadonlyMap<string, string>): Deployment['inert'] {
  const counts = new Map<string, number>();
  for (const kind of resources.values()) {
    if (Object.hasOwn(INERT_KINDS, kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => ({ kind, count, reason: INERT_KINDS[kind]?.reason ?? '' }));
}

class StackDeployment {
  readonly stack: Stack;
  /** Resources whose condition holds. */
  readonly active: ReadonlyMap<string, TemplateResource>;
  readonly #exports: Map<string, unknown>;
  readonly #runtime: RuntimeContext;
  readonly #provisioned = new Map<string, Provisioned>();
  readonly #pseudo: Readonly<Record<string, unknown>>;

  constructor(stack: Stack, exports: Map<string, unknown>, runtime: RuntimeContext) {
    this.stack = stack;
    this.#exports = exports;
    this.#runtime = runtime;
    this.#pseudo = pseudoParameters(stack.name, runtime);
    if (stack.template.Transform !== undefined) {
      throw new StartFailure(`${stack.name}: template transforms can't be run on this machine.`);
    }
    const conditions = this.#scope('Conditions');
    this.active = new Map(
      Object.entries(stack.template.Resources ?? {}).filter(
        ([, resource]) => resource.Condition === undefined || conditions.condition(resource.Condition),
      ),
    );
  }

  ordered(): [string, TemplateResource][] {
    const entries = [...this.active];
    const byId = new Map(entries.map((entry) => [entry[0], entry]));
    return sorted(entries, ([, resource]) => {
      const explicit = [resource.DependsOn ?? []].flat();
      return [...references(resource.Properties).resources, ...explicit]
        .map((name) => byId.get(name))
        .filter((found) => found !== undefined);
    });
  }

  async provision(
    logicalId: string,
    resource: TemplateResource,
    registry: ReadonlyMap<string, Provisioner>,
  ): Promise<void> {
    const place = `${this.stack.name}/${logicalId}`;
    const properties = (resolve(resource.Properties ?? {}, this.#scope(place)) ?? {}) as Properties;
    const context = this.#context({
      stack: this.stack.name,
      logicalId,
      kind: resource.Type,
      metadata: resource.Metadata ?? {},
    });
    const provisioner = registry.get(resource.Type);
    try {
      const provisioned = provisioner
        ? await provisioner.provision(logicalId, properties, context)
        : provisionInert(resource.Type, context);
      this.#provisioned.set(logicalId, provisioned);
    } catch (error) {
      throw new StartFailure(`${resource.Type} ${place}: ${fileSentence(error) ?? messageOf(error)}`, { cause: error });
    }
  }

  outputs(): Readonly<Record<string, unknown>> {
    const values: Record<string, unknown> = {};
    for (const [name, output] of Object.entries(this.stack.template.Outputs ?? {})) {
      const scope = this.#scope(`${this.stack.name}/Outputs/${name}`);
      if (output.Condition !== undefined && !scope.condition(output.Condition)) continue;
      values[name] = resolve(output.Value, scope);
      if (output.Export) this.#exports.set(String(resolve(output.Export.Name, scope)), values[name]);
    }
    return values;
  }

  #context(resource: Resource): ResourceContext {
    const physicalName = ({ maxLength = DEFAULT_NAME_LENGTH, lowerCase = false } = {}): string => {
      const hash = hexHash(`${resource.stack}/${resource.logicalId}`).slice(0, NAME_HASH_LENGTH);
      const readable = `${resource.stack}-${resource.logicalId}`.slice(0, maxLength - NAME_HASH_LENGTH - 1);
      const name = `${readable}-${hash}`;
      return lowerCase ? name.toLowerCase() : name;
    };
    return Object.assign(Object.create(this.#runtime) as RuntimeContext, { resource, physicalName });
  }

  #scope(place: string): Scope {
    const template = this.stack.template;
    const scope: Scope = {
      place,
      ref: (name) => this.#ref(name, place),
      attribute: (logicalId, attribute) => this.#attribute(logicalId, attribute, place),
      imported: (name) => {
        if (!this.#exports.has(name)) throw new StartFailure(`${place}: no stack exports ${name}.`);
        return this.#exports.get(name);
      },
      condition: (name) => {
        const condition = template.Conditions?.[name];
        if (condition === undefined) throw new StartFailure(`${place}: the template has no condition ${name}.`);
        return evaluateCondition(condition, scope);
      },
      mapping: (name, first, second) => {
        const value = template.Mappings?.[name]?.[first]?.[second];
        if (value === undefined) throw new StartFailure(`${place}: the template maps no ${name}.${first}.${second}.`);
        return value;
      },
    };
    return scope;
  }

  #ref(name: string, place: string): unknown {
    if ((PSEUDO_PARAMETERS as readonly string[]).includes(name)) return this.#pseudo[name];
    const parameter = this.stack.template.Parameters?.[name];
    if (parameter) {
      if (parameter.Default === undefined) throw new StartFailure(`${place}: parameter ${name} has no default.`);
      return parameter.Type.startsWith('List<') || parameter.Type === 'CommaDelimitedList'
        ? String(parameter.Default).split(',')
        : parameter.Default;
    }
    return this.#find(name, place).ref;
  }

  #attribute(logicalId: string, attribute: string, place: string): unknown {
    const { attributes } = this.#find(logicalId, place);
    if (!Object.hasOwn(attributes, attribute)) {
      const kind = this.active.get(logicalId)?.Type;
      throw new StartFailure(`${place}: the local ${kind} ${logicalId} has no attribute ${attribute}.`);
    }
    return attributes[attribute];
  }

  #find(logicalId: string, place: string): Provisioned {
    const found = this.#provisioned.get(logicalId);
    if (!found)
      throw new StartFailure(`${place}: the template has no ${logicalId}, or only under a condition that is false.`);
    return found;
  }
}

function provisionInert(kind: string, context: ResourceContext): Provisioned {
  const inert = INERT_KINDS[kind];
  if (!inert) throw new StartFailure(`${kind} is not inert.`);
  const ref = inert.ref?.(context) ?? context.physicalName();
  return { ref, attributes: inert.attributes?.(ref, context) ?? {} };
}

function pseudoParameters(stack: string, runtime: RuntimeContext): Readonly<Record<string, unknown>> {
  const hash = hexHash(stack);
  const unique = [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)];
  return {
    'AWS::AccountId': runtime.account,
    'AWS::NotificationARNs': [],
    'AWS::Partition': 'aws',
    'AWS::Region': runtime.region,
    'AWS::StackId': `arn:aws:cloudformation:${runtime.region}:${runtime.account}:stack/${stack}/${unique.join('-')}`,
    'AWS::StackName': stack,
    'AWS::URLSuffix': 'amazonaws.com',
  };
}

function hexHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
