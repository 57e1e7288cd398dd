/** Reads what `cdk synth` wrote: the stacks in the manifest, their templates, and where each asset lies on disk. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartFailure } from '../failure.ts';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
}

interface TemplateOutput {
  readonly Value: unknown;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

interface TemplateParameter {
  readonly Type: string;
  readonly Default?: unknown;
}

interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Transform?: unknown;
}

export interface Stack {
  readonly name: string;
  /** Names of stacks that must be there before. */
  readonly dependsOn: readonly string[];
  readonly template: Template;
}

export interface Assembly {
  readonly stacks: readonly Stack[];
  /** From the object key that templates use to the file or folder in the assembly. */
  readonly assets: ReadonlyMap<string, string>;
}

interface Artifact {
  readonly type: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
    readonly file?: string;
    readonly parameters?: Readonly<Record<string, string>>;
  };
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string };
        readonly destinations: Readonly<Record<string, { objectKey: string }>>;
      }
    >
  >;
}

export function readAssembly(directory: string): Assembly {
  const stacks: Stack[] = [];
  const assets = new Map<string, string>();
  readInto(directory, stacks, assets);
  if (stacks.length === 0) throw new StartFailure(`The synthesized app in ${directory} has no stack.`);
  return { stacks: inOrder(stacks), assets };
}

function readInto(directory: string, stacks: Stack[], assets: Map<string, string>): void {
  const manifest = readJson<{ artifacts?: Record<string, Artifact> }>(join(directory, 'manifest.json'));
  const artifacts = manifest.artifacts ?? {};
  for (const [id, artifact] of Object.entries(artifacts)) {
    const properties = artifact.properties ?? {};
    if (artifact.type === 'aws:cloudformation:stack' && properties.templateFile) {
      const names = (artifact.dependencies ?? [])
        .filter((name) => artifacts[name]?.type === 'aws:cloudformation:stack')
        .map((name) => artifacts[name]?.properties?.stackName ?? name);
      const template = readJson<Template>(join(directory, properties.templateFile));
      stacks.push({ name: properties.stackName ?? id, dependsOn: names, template });
    }
    if (artifact.type === 'cdk:asset-manifest' && properties.file) {
      readAssets(directory, readJson<AssetManifest>(join(directory, properties.file)), assets);
    }
    if (artifact.type === 'cdk:cloud-assembly' && properties.directoryName) {
      readInto(join(directory, properties.directoryName), stacks, assets);
    }
  }
}

function readAssets(directory: string, manifest: AssetManifest, assets: Map<string, string>): void {
  for (const file of Object.values(manifest.files ?? {})) {
    if (file.source.path === undefined) continue;
    const path = join(directory, file.source.path);
    for (const destination of Object.values(file.destinations)) assets.set(destination.objectKey, path);
  }
}

function readJson<T>(path: string): T {
  if (!existsSync(path)) throw new StartFailure(`The synthesized app lacks ${path}.`);
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

/** Stacks after the stacks that they depend on. */
function inOrder(stacks: readonly Stack[]): Stack[] {
  const byName = new Map(stacks.map((stack) => [stack.name, stack]));
  return sorted(stacks, (stack) =>
    stack.dependsOn.map((name) => byName.get(name)).filter((found) => found !== undefined),
  );
}

/** Depth first, so that what comes first in the template is provisioned first where dependencies leave a choice. */
export function sorted<T>(items: readonly T[], before: (item: T) => readonly T[]): T[] {
  const done = new Set<T>();
  const open = new Set<T>();
  const order: T[] = [];
  const visit = (item: T): void => {
    if (done.has(item)) return;
    if (open.has(item)) throw new StartFailure('The template has a circular dependency.');
    open.add(item);
    for (const earlier of before(item)) visit(earlier);
    open.delete(item);
    done.add(item);
    order.push(item);
  };
  for (const item of items) visit(item);
  return order;
}
