/** Reading resource properties: what isn't expected is refused by name, so that nothing in a template is ignored. */
import type { Properties } from './provisioner.ts';

/** Properties that say nothing about behaviour on one machine. */
const EVERYWHERE = ['Tags', 'Description'];

export function onlyKnown(properties: Properties, known: readonly string[], place = ''): void {
  const unknown = Object.keys(properties).filter((name) => !known.includes(name) && !EVERYWHERE.includes(name));
  if (unknown.length > 0) {
    throw new Error(`the local runtime does not implement ${unknown.map((name) => place + name).join(', ')}`);
  }
}

export function optionalString(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw new Error(`${name} must be a string`);
  return value;
}

export function string(properties: Properties, name: string): string {
  const value = optionalString(properties, name);
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
}

/** CloudFormation takes numbers as strings too. */
export function optionalNumber(properties: Properties, name: string): number | undefined {
  const value = properties[name];
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new Error(`${name} must be a number`);
  return number;
}

export function flag(properties: Properties, name: string): boolean {
  const value = properties[name];
  return value === true || value === 'true';
}

export function object(properties: Properties, name: string): Properties {
  const value = properties[name];
  if (value === undefined) return {};
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Error(`${name} must be an object`);
  return value as Properties;
}

export function strings(properties: Properties, name: string): readonly string[] {
  const value = properties[name];
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Error(`${name} must be a list`);
  return value.map(String);
}

export function objects(properties: Properties, name: string): readonly Properties[] {
  const value = properties[name];
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Error(`${name} must be a list`);
  return value as readonly Properties[];
}
