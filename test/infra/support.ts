// Synthesizes templates for the tests.
import { Template } from 'aws-cdk-lib/assertions';
import { type Indelible, indelible } from '../../lib/app.ts';
import { functionNames } from '../../lib/constructs/bundle.ts';

export interface Synthesized extends Indelible {
  readonly dataTemplate: Template;
  readonly readingTemplate: Template;
  readonly appTemplate: Template;
}

// biome-ignore lint/suspicious/noExplicitAny: what CloudFormation would be given, whose shapes are not worth typing here
export type Json = any;

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, Json>;
  readonly Metadata?: Record<string, Json>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/**
 * Templates don't depend on the functions' bytes, and CDK's own validation, most of a synthesis, has its test in app.test.ts;
 * without both they come in half a second.
 */
export function declare(config: Record<string, unknown> = {}): Indelible {
  const context = { indelible: config, 'aws:cdk:bundling-stacks': [] };
  return indelible({ app: { builtinCloudFormationValidation: false, context } });
}

const synthesized = new Map<string, Synthesized>();

/** Tests look at what this answers and change nothing in it: the same configuration is synthesized once in a suite. */
export function synthesize(config: Record<string, unknown> = {}): Synthesized {
  const key = JSON.stringify(config);
  const known = synthesized.get(key);
  if (known !== undefined) return known;
  const declared = declare(config);
  const made = {
    ...declared,
    dataTemplate: Template.fromStack(declared.data),
    readingTemplate: Template.fromStack(declared.reading),
    appTemplate: Template.fromStack(declared.application),
  };
  synthesized.set(key, made);
  return made;
}

export const LOCAL_ISSUER = { issuer: 'http://127.0.0.1:8080/oidc', audience: ['indelible'] };

export function resources(template: Template, kind: string): [string, Resource][] {
  return Object.entries(template.findResources(kind)) as [string, Resource][];
}

/** Functions that are deployed. */
export const FUNCTION_COUNT = functionNames().length;
