/** What a target gets of an event: all of it, a constant, a part (InputPath), or a template (InputTransformer). */
import { object, onlyKnown, optionalString, string } from '../template/properties.ts';
import type { Properties } from '../template/provisioner.ts';
import type { EventEnvelope } from './envelope.ts';

interface RuleFacts {
  readonly arn: string;
  readonly name: string;
  readonly ingestedAt: string;
}

/** Answers the text that the target is given. */
export type InputTransform = (event: EventEnvelope, rule: RuleFacts) => string;

type Path = readonly (string | number)[];

export function inputTransform(target: Properties): InputTransform {
  const given = ['Input', 'InputPath', 'InputTransformer'].filter((name) => target[name] !== undefined);
  if (given.length > 1) throw new Error(`a target takes only one of ${given.join(', ')}`);
  const constant = optionalString(target, 'Input');
  if (constant !== undefined) return () => constant;
  const path = optionalString(target, 'InputPath');
  if (path !== undefined) {
    const steps = jsonPath(path);
    return (event) => JSON.stringify(read(event, steps) ?? null);
  }
  if (target.InputTransformer !== undefined) return transformer(object(target, 'InputTransformer'));
  return (event) => JSON.stringify(event);
}

function transformer(properties: Properties): InputTransform {
  onlyKnown(properties, ['InputPathsMap', 'InputTemplate'], 'InputTransformer.');
  const paths = new Map<string, Path>();
  const map = object(properties, 'InputPathsMap');
  for (const name of Object.keys(map)) {
    if (name.startsWith('AWS.')) throw new Error(`InputPathsMap can't define ${name}, which is reserved`);
    paths.set(name, jsonPath(string(map, name)));
  }
  const template = string(properties, 'InputTemplate');
  return (event, rule) => {
    const value = (name: string): unknown => {
      if (name === 'aws.events.rule-arn') return rule.arn;
      if (name === 'aws.events.rule-name') return rule.name;
      if (name === 'aws.events.event.ingestion-time') return rule.ingestedAt;
      if (name === 'aws.events.event') return event;
      if (name === 'aws.events.event.json') return event;
      const steps = paths.get(name);
      return steps === undefined ? undefined : read(event, steps);
    };
    return fill(template, value);
  };
}

/**
 * A placeholder inside quotes is text within the string; one that stands alone is a JSON value. In a template that is one quoted
 * string, the result is that string. A value that isn't there is empty text inside quotes and nothing outside.
 */
function fill(template: string, value: (name: string) => unknown): string {
  let quoted = false;
  let filled = '';
  for (let at = 0; at < template.length; at++) {
    const letter = template[at] as string;
    if (letter === '\\') {
      filled += letter + (template[++at] ?? '');
      continue;
    }
    if (letter === '"') quoted = !quoted;
    const placeholder = letter === '<' ? /^<([A-Za-z0-9_.-]+)>/.exec(template.slice(at)) : null;
    if (!placeholder) {
      filled += letter;
      continue;
    }
    const found = value(placeholder[1] as string);
    filled += quoted ? insideQuotes(found) : found === undefined ? '' : JSON.stringify(found);
    at += placeholder[0].length - 1;
  }
  return filled;
}

function insideQuotes(found: unknown): string {
  if (found === undefined || found === null) return '';
  const text = typeof found === 'string' ? found : JSON.stringify(found);
  return JSON.stringify(text).slice(1, -1);
}

/** The JSONPath that EventBridge takes: `$`, then `.name`, `['name']` or `[index]`. */
function jsonPath(path: string): Path {
  if (!path.startsWith('$')) throw new Error(`${path} is not a JSON path: it must begin with $`);
  const steps: (string | number)[] = [];
  const step = /\.([A-Za-z0-9_-]+)|\[(\d+)\]|\['([^']+)'\]/y;
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const at = step.lastIndex;
    const found = step.exec(path);
    if (!found) throw new Error(`${path} is not a JSON path that EventBridge takes, from ${path.slice(at)} on`);
    steps.push(found[1] ?? found[3] ?? Number(found[2]));
  }
  return steps;
}

function read(value: unknown, steps: Path): unknown {
  let at = value;
  for (const step of steps) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}
